package pt.sunbeam.proxy.wire;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;
import pt.sunbeam.proxy.message.Response;

/**
 * Answers what pekko-http's parser refuses, in the proxy's own words.
 *
 * <p>pekko-http makes one instance a connection by reflection and tells it neither connection nor server, so the answers come from
 * whichever server of this process started last. There is one outside of tests.
 */
public final class MalformedRequests extends ParsingErrorHandler {
    private static final AtomicReference<BiFunction<Integer, String, Response>> ANSWERS = new AtomicReference<>();

    /** @param answers from status and the parser's words (for logs) to the response */
    static void answerWith(BiFunction<Integer, String, Response> answers) {
        ANSWERS.set(answers);
    }

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        var answers = ANSWERS.get();
        return answers == null
                ? HttpResponse.create().withStatus(status.intValue())
                : Messages.toPekko(answers.apply(status.intValue(), error.formatPretty()));
    }
}
