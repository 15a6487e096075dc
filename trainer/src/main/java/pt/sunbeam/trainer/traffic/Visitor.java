package pt.sunbeam.trainer.traffic;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One person at one browser: looks at a page, which the browser fetches with all its parts, thinks, and follows a link of it. */
final class Visitor {
    private static final int REDIRECTS = 5;
    /** Of the logarithm of think times: two thirds are within a factor of e of the median. */
    private static final double SPREAD = 1;

    private static final Pattern MAX_AGE = Pattern.compile("\\bmax-age=([0-9]{1,9})\\b");

    private static final Duration LONGEST_THOUGHT = Duration.ofMinutes(2);

    private final Connection connection;
    private final String host;
    private final Duration thinking;
    private final RandomGenerator random;
    private final Tally tally;
    private final Browser browser;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final Map<String, Copy> copies = new HashMap<>();

    /** What the browser keeps of an answer, until when it uses it unasked, and by which field it asks then whether it still holds. */
    private record Copy(long freshUntil, String question, Links links) {}

    /** A page that is shown: where it was in the end, and where it leads. */
    private record Page(String target, Links links) {}

    Visitor(Connection connection, String host, Duration thinking, RandomGenerator random, Tally tally) {
        this.connection = connection;
        this.host = host;
        this.thinking = thinking;
        this.random = random;
        this.tally = tally;
        browser = Browser.draw(random);
    }

    /** Goes from page to page until a time of {@link System#nanoTime}. */
    void browse(String start, long end) throws InterruptedException {
        var next = start;
        var referer = "";
        while (end - System.nanoTime() > 0) {
            try {
                var page = open(next, referer);
                referer = url(page.target).toString();
                for (var asset : page.links.assets()) {
                    part(asset, referer);
                }
                next = page.links.pages().isEmpty()
                        ? start
                        : page.links
                                .pages()
                                .get(random.nextInt(page.links.pages().size()));
            } catch (IOException none) {
                tally.unanswered();
            }
            double factor = Math.exp(SPREAD * random.nextGaussian());
            long nanos = Math.min(Math.round(factor * (double) thinking.toNanos()), LONGEST_THOUGHT.toNanos());
            Thread.sleep(Duration.ofNanos(Math.clamp(end - System.nanoTime(), 0, nanos)));
        }
    }

    private Page open(String target, String referer) throws IOException {
        var at = target;
        for (int i = 0; i < REDIRECTS; i++) {
            var answer = fetch(at, referer, true);
            var elsewhere = answer.status() / 100 == 3 ? redirect(at, answer) : Optional.<String>empty();
            if (elsewhere.isEmpty()) {
                var copy = copies.get(at);
                return new Page(
                        at, answer.status() == 304 && copy != null ? copy.links : Links.of(answer.html(), url(at)));
            }
            at = elsewhere.get();
        }
        return new Page(at, Links.NONE);
    }

    private Optional<String> redirect(String from, Answer answer) {
        return answer.field("location").flatMap(location -> Links.onSite(url(from), location));
    }

    private void part(String target, String referer) throws IOException {
        var copy = copies.get(target);
        if (copy == null || copy.freshUntil - System.nanoTime() <= 0) {
            fetch(target, referer, false);
        }
    }

    private Answer fetch(String target, String referer, boolean page) throws IOException {
        var fields = new ArrayList<String>();
        fields.add("Host: " + host);
        fields.addAll(browser.fields(page));
        if (!referer.isEmpty()) {
            fields.add("Referer: " + referer);
        }
        if (!cookies.isEmpty()) {
            fields.add(cookies.entrySet().stream()
                    .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                    .collect(Collectors.joining("; ", "Cookie: ", "")));
        }
        var copy = copies.get(target);
        if (copy != null) {
            fields.add(copy.question);
        }
        var answer = connection.exchange(new Request("GET", target, fields, ""));
        tally.answered(connection.from(), answer.status());
        keep(target, answer);
        return answer;
    }

    private void keep(String target, Answer answer) {
        for (var cookie : answer.all("set-cookie")) {
            var pair = cookie.split(";", 2)[0].split("=", 2);
            cookies.put(pair[0].strip(), pair.length > 1 ? pair[1].strip() : "");
        }
        if (answer.status() == 200) {
            var question = answer.field("etag")
                    .map(tag -> "If-None-Match: " + tag)
                    .or(() -> answer.field("last-modified").map(date -> "If-Modified-Since: " + date));
            if (question.isPresent()) {
                var fresh = Duration.ofSeconds(
                        answer.field("cache-control").map(Visitor::maxAge).orElse(0));
                copies.put(
                        target,
                        new Copy(
                                System.nanoTime() + fresh.toNanos(),
                                question.get(),
                                Links.of(answer.html(), url(target))));
            }
        }
    }

    private static int maxAge(String cacheControl) {
        var seconds = MAX_AGE.matcher(cacheControl);
        return seconds.find() ? Integer.parseInt(seconds.group(1)) : 0;
    }

    private URI url(String target) {
        return URI.create("http://" + host + target);
    }
}
