package pt.sunbeam.trainer.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import pt.sunbeam.detector.http.RequestHead;

/**
 * A request without its target: method and header fields, in which any target can stand.
 *
 * <p>Public sets give the label away in the envelope (one agent for all attacks, cookies only on the benign side). So every row, benign or
 * not, gets a frame drawn from one and the same pool: method, agent, cookies, referer, languages, lengths and host say nothing about the
 * label, by construction.
 */
record Frame(String method, List<String> fields) {
    /** The host prefix that counts as configured in training. */
    static final String CONFIGURED = "app";

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final List<String> CLIENTS = List.of(
            "curl/8.5.0",
            "curl/7.88.1",
            "Wget/1.21.4",
            "python-requests/2.31.0",
            "Python/3.12 aiohttp/3.9.3",
            "Go-http-client/1.1",
            "Go-http-client/2.0",
            "okhttp/4.12.0",
            "axios/1.6.7",
            "Java/21.0.2",
            "Apache-HttpClient/5.3 (Java/21)",
            "PostmanRuntime/7.36.1",
            "Uptime-Kuma/1.23.1",
            "");

    Frame {
        fields = List.copyOf(fields);
    }

    /** The frame of a recorded request, its host left out. */
    static Frame of(RequestRow request) {
        var fields = new ArrayList<String>();
        for (int i = 0; i < request.fields().size(); i += 2) {
            var name = request.fields().get(i);
            var value = request.fields().get(i + 1);
            if (!name.equalsIgnoreCase("host") && isToken(name) && isFieldValue(value)) {
                fields.add(name);
                fields.add(value);
            }
        }
        return new Frame(METHODS.contains(request.method()) ? request.method() : "GET", fields);
    }

    /** What a program sends: no cookies, referer or languages; all methods of an API. */
    static Frame apiClient(RandomGenerator random) {
        var fields = new ArrayList<String>();
        var agent = CLIENTS.get(random.nextInt(CLIENTS.size()));
        if (!agent.isEmpty()) {
            fields.add("User-Agent");
            fields.add(agent);
        }
        fields.add("Accept");
        fields.add(random.nextInt(4) == 0 ? "application/json" : "*/*");
        int kind = random.nextInt(20);
        var method = kind < 14 ? "GET" : kind < 15 ? "HEAD" : kind < 18 ? "POST" : kind < 19 ? "PUT" : "DELETE";
        if (method.startsWith("P")) {
            fields.add("Content-Type");
            fields.add("application/json");
            fields.add("Content-Length");
            fields.add(Integer.toString(random.nextInt(2, 2000)));
        }
        return new Frame(method, fields);
    }

    /** Puts a target into the frame; its bytes that no request line can hold are percent-encoded. */
    RequestHead around(String target, boolean configuredHost) {
        var head = RequestHead.builder(method, printable(target), "HTTP/1.1");
        head.field("Host", configuredHost ? CONFIGURED + ".example.org" : "other.example.net");
        for (int i = 0; i < fields.size(); i += 2) {
            head.field(fields.get(i), fields.get(i + 1));
        }
        return head.build();
    }

    private static String printable(String target) {
        if (target.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return target;
        }
        var text = new StringBuilder(target.length() + 16);
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c > ' ' && c < 0x7f) {
                text.append(c);
            } else {
                text.append('%').append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return text.toString();
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    private static boolean isFieldValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f));
    }
}
