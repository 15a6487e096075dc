package pt.sunbeam.trainer.dataset;

import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.window.EventReader;

/**
 * A request of a client and what came of it.
 *
 * @param millis when the request's head had been read
 * @param contentLength of the request's body in bytes, 0 where none
 * @param status of the response
 * @param duration until the response, milliseconds
 */
record Exchange(
        long millis,
        String host,
        String method,
        String target,
        String referer,
        String agent,
        boolean cookies,
        boolean languages,
        int contentLength,
        int status,
        int duration) {

    RequestHead head() {
        var head = RequestHead.builder(method, target, "HTTP/1.1");
        head.field("Host", host);
        if (!agent.isEmpty()) {
            head.field("User-Agent", agent);
        }
        if (!referer.isEmpty()) {
            head.field("Referer", referer);
        }
        if (cookies) {
            head.field("Cookie", "id=1");
        }
        if (languages) {
            head.field("Accept-Language", "en");
        }
        if (contentLength > 0) {
            head.field("Content-Length", Integer.toString(contentLength));
        }
        return head.build();
    }

    <T> ClientWindows.Arrival<T> arrival(String client, long id, EventReader events, T tag) {
        var head = head();
        return new ClientWindows.Arrival<>(
                client, events.read(head, id, millis), status, duration, Suspicion.of(head), true, tag);
    }

    Exchange at(long newMillis) {
        return new Exchange(
                newMillis, host, method, target, referer, agent, cookies, languages, contentLength, status, duration);
    }

    Exchange answered(int newStatus) {
        return new Exchange(
                millis, host, method, target, referer, agent, cookies, languages, contentLength, newStatus, duration);
    }
}
