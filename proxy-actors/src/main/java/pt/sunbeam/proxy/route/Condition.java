package pt.sunbeam.proxy.route;

import com.google.re2j.Pattern;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.ValueMatch;
import pt.sunbeam.detector.http.HeaderName;
import pt.sunbeam.detector.http.RequestHead;

/** What a rule asks of a request beside its path. */
sealed interface Condition {
    boolean holds(RequestHead head);

    /** A value that is compared. */
    record Value(@Nullable String exact, @Nullable Pattern regex) {
        static Value of(ValueMatch match) {
            return switch (match.type()) {
                case EXACT -> new Value(match.value(), null);
                case REGEX -> new Value(null, Pattern.compile(match.value()));
                case PRESENT, ABSENT -> new Value(null, null);
            };
        }

        boolean accepts(String value) {
            return exact != null
                    ? exact.equals(value)
                    : regex == null || regex.matcher(value).find();
        }
    }

    /** Any field of the name has the value; where absence is asked for, there is none. */
    record Field(HeaderName name, Value value, boolean absent) implements Condition {
        static Field of(ValueMatch match) {
            return new Field(HeaderName.of(match.name()), Value.of(match), match.type() == ValueMatch.Type.ABSENT);
        }

        @Override
        public boolean holds(RequestHead head) {
            int at = head.find(name, 0);
            if (absent) {
                return at < 0;
            }
            while (at >= 0 && !value.accepts(head.value(at))) {
                at = head.find(name, at + 1);
            }
            return at >= 0;
        }
    }

    /** The first parameter of the name, decoded as a form is, has the value. */
    record Parameter(String name, Value value, boolean absent) implements Condition {
        static Parameter of(ValueMatch match) {
            return new Parameter(match.name(), Value.of(match), match.type() == ValueMatch.Type.ABSENT);
        }

        @Override
        public boolean holds(RequestHead head) {
            String found = first(head.query());
            return absent ? found == null : found != null && value.accepts(found);
        }

        private @Nullable String first(String query) {
            for (int from = 0; from < query.length(); ) {
                int ampersand = query.indexOf('&', from);
                int end = ampersand < 0 ? query.length() : ampersand;
                int equals = query.indexOf('=', from);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                if (decoded(query.substring(from, nameEnd)).equals(name)) {
                    return decoded(query.substring(Math.min(nameEnd + 1, end), end));
                }
                from = end + 1;
            }
            return null;
        }

        /** As it stands where it is malformed. */
        private static String decoded(String text) {
            if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
                return text;
            }
            try {
                return URLDecoder.decode(text, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                return text;
            }
        }
    }
}
