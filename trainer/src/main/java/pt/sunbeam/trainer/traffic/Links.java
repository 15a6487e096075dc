package pt.sunbeam.trainer.traffic;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a page leads, on its own site: path and query of each.
 *
 * @param pages what one can click on
 * @param assets what a browser fetches by itself: style sheets, icons, scripts, pictures
 */
record Links(List<String> pages, List<String> assets) {
    static final Links NONE = new Links(List.of(), List.of());

    private static final Pattern TAG = Pattern.compile("(?i)<(a|link|script|img)\\s([^>]*)>");
    private static final Pattern REFERENCE =
            Pattern.compile("(?i)(?:^|\\s)(?:href|src)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+))");
    private static final Pattern FETCHED = Pattern.compile("(?i)\\brel\\s*=\\s*[\"']?[^\"'>]*\\b(stylesheet|icon)\\b");

    /** Reads a page with the eyes of a browser that is content with regular expressions. */
    static Links of(String html, URI page) {
        Set<String> pages = new LinkedHashSet<>();
        Set<String> assets = new LinkedHashSet<>();
        var tags = TAG.matcher(html);
        while (tags.find()) {
            boolean anchor = tags.group(1).equalsIgnoreCase("a");
            boolean link = tags.group(1).equalsIgnoreCase("link");
            if (!link || FETCHED.matcher(tags.group(2)).find()) {
                reference(tags.group(2)).flatMap(to -> onSite(page, to)).ifPresent((anchor ? pages : assets)::add);
            }
        }
        return new Links(List.copyOf(pages), List.copyOf(assets));
    }

    private static Optional<String> reference(String attributes) {
        var found = REFERENCE.matcher(attributes);
        return found.find()
                ? Optional.of(found.group(found.group(1) != null ? 1 : found.group(2) != null ? 2 : 3)
                        .replace("&amp;", "&"))
                : Optional.empty();
    }

    /** Path and query of a reference, if it stays on the site and is a URL at all. */
    static Optional<String> onSite(URI page, String reference) {
        try {
            var to = page.resolve(reference);
            if (page.getScheme().equals(to.getScheme())
                    && page.getRawAuthority().equals(to.getRawAuthority())) {
                var path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
                return Optional.of(to.getRawQuery() == null ? path : path + "?" + to.getRawQuery());
            }
        } catch (IllegalArgumentException noUrl) {
            // nobody can follow it
        }
        return Optional.empty();
    }
}
