package pt.sunbeam.proxy.wire;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A TCP connection whose first bytes are a PROXY header. */
final class ProxyHeaderTransport extends ClientTransport {
    private final ByteString header;
    private final Runnable closed;

    /** @param closed runs once the connection is no more, or could not be made */
    ProxyHeaderTransport(ByteString header, Runnable closed) {
        this.header = header;
        this.closed = closed;
    }

    @Override
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
            String host, int port, ClientConnectionSettings settings, ActorSystem system) {
        return Flow.of(ByteString.class)
                .prepend(Source.single(header))
                .viaMat(ClientTransport.TCP().connectTo(host, port, settings, system), Keep.right())
                .watchTermination((connection, ended) -> {
                    ended.whenComplete((_, _) -> closed.run());
                    return connection;
                });
    }
}
