package pt.sunbeam.trainer.lexicon;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes harmless text in the shapes that applications send and that no public set has enough of: lists, records, markup, filters, queries in words,
 * error messages, code names, addresses, opaque tokens. What is made is much the same for each seed, and holds nothing that an attack needs.
 */
final class LookAlikes {
    private static final String DELIMITERS = "'\",.:;|!~-_=&()[]{}/\\@#%^*+ ?";
    private static final List<String> QUOTES = List.of("", "", "'", "\"", "\\\"", "\\\\\\\"", "|", "_");
    private static final List<String> OPENING = List.of("", "[", "{", "(", "[[", "{\"");
    private static final List<String> ALPHABETS = List.of(
            "0123456789abcdef",
            "abcdefghijklmnopqrstuvwxyz0123456789+/",
            "abcdefghijklmnopqrstuvwxyz0123456789-_",
            "abcdefghijklmnopqrstuvwxyz0123456789");
    private static final List<String> LINE_ENDS = List.of("\\n", "\\r\\n", "\\t", "\n", "\r\n");
    private static final List<String> TAGS = List.of(
            "div", "span", "p", "a", "b", "i", "ul", "li", "table", "tr", "td", "button", "strong", "h2", "section",
            "label", "input", "img", "svg", "path", "header", "article", "br");
    private static final List<String> ATTRIBUTES = List.of(
            "class",
            "id",
            "style",
            "href",
            "title",
            "data-id",
            "role",
            "aria-label",
            "alt",
            "src",
            "width",
            "type",
            "rel",
            "target",
            "name");
    private static final List<String> ERRORS = List.of(
            "typeerror: cannot read properties of undefined (reading '%s')",
            "uncaught typeerror: %s is not a function",
            "referenceerror: %s is not defined at %s (https://www.%s.com/assets/%s.js:12:345)",
            "syntaxerror: unexpected token '<', \"<!doctype \"... is not valid json",
            "error: request failed with status code 404 at %s (%s.js:1:2345)",
            "failed to execute '%s' on '%s': %s is not valid",
            "script error. at %s on '%s' (%s)",
            "networkerror when attempting to fetch resource. %s %s",
            "java.lang.nullpointerexception: cannot invoke \"%s.get()\" because \"%s\" is null");
    private static final List<String> SENTENCES = List.of(
            "select the best %s from our %s and order by %s",
            "drop %s off at the %s, or insert %s into the %s",
            "%s and %s or %s = %s",
            "how to update %s where %s is null",
            "union of %s and %s; all %s selected",
            "the %s script was executed by %s (see /%s/%s.html)",
            "%s 2 in 1 %s and 3 by %s, buy 2 get 1 free. limit 1 per %s only",
            "%s like '%s %s' or \"%s\" (%s)",
            "'%s' and '%s' or %s's %s",
            "%s // %s",
            "/%s/%s.txt",
            "%s/../%s.png",
            "%s -- %s; %s # %s",
            "o'%s and d'%s said: \"%s\" -- %s",
            "if %s < %s && %s > %s then %s",
            "%s %s & %s; price < 100 and > 50",
            "cat and %s ping the %s; sleep well",
            "file:///c:/users/%s/documents/%s.docx",
            "let's %s the %s alert from %s");

    private static final List<String> CODE = List.of(
            "function(){%s.%s()}",
            "function(%s,%s){return %s.%s(%s)}",
            "(function() { var %s = document.%s; %s(); })()",
            "()=>{%s(%s)}",
            "var %s=%s.%s||{};",
            "if(%s&&%s.%s){%s()}",
            "window.%s=window.%s||[];",
            "document.queryselector('#%s').%s('%s')",
            "for(var %s=0;%s<%s.length;%s++){%s[%s]}",
            "new %s(%s).%s(\"%s\")",
            "this.%s.%s = %s ? '%s' : \"%s\";",
            "try{%s()}catch(e){%s(e)}",
            "$('.%s').%s();",
            "return %s(%s, {%s: %s});",
            "https://www.%s.com/%s?callback=jquery%s_%s",
            "import {%s} from './%s.js'",
            "default-src 'self' https://*.%s.com 'unsafe-inline' 'unsafe-eval' data: blob:; script-src 'self' 'nonce-%s'; report-uri /%s",
            "post /%s/%s http/1.1 content-type: application/json; charset=utf-8 accept: %s",
            "--%s content-type: application/http content-transfer-encoding: binary get /%s?%s=%s http/1.1 200 ok",
            "ctl00$%s$txt%s|ctl00$%s",
            "at %s (https://www.%s.com/%s/%s.js:1:23456) at %s");
    private static final List<String> PLACES = List.of(
            "script",
            "scripts",
            "javascript",
            "jsp",
            "js",
            "php",
            "include",
            "includes",
            "system",
            "windows",
            "admin",
            "exec",
            "bin",
            "update",
            "select",
            "order",
            "table",
            "union",
            "users",
            "config",
            "images",
            "cgi",
            "log",
            "logs",
            "var",
            "etc",
            "tmp",
            "sample",
            "examples",
            "test",
            "data",
            "file",
            "files",
            "page",
            "pages",
            "proc",
            "cookie",
            "document",
            "alert",
            "confirm",
            "prompt",
            "eval",
            "password",
            "id",
            "cmd",
            "command",
            "sleep",
            "from",
            "where",
            "and",
            "or",
            "insert",
            "delete",
            "drop",
            "onload",
            "onclick",
            "error",
            "window",
            "location",
            "href",
            "object",
            "body",
            "iframe",
            "ping",
            "cat",
            "ls",
            "echo",
            "shell",
            "print",
            "net",
            "user",
            "root",
            "home",
            "local",
            "usr",
            "lib",
            "ini",
            "exe",
            "dll",
            "com",
            "http",
            "https",
            "ldap",
            "dns",
            "env",
            "lower",
            "upper");

    private static final List<String> COMMON = List.of(
            ("the of and a to in is you that it he was for on are as with his they i at be this have from or one had by word"
                            + " but not what all were we when your can said there use an each which she do how their if will up other about"
                            + " out many then them these so some her would make like him into time has look two more write go see number no"
                            + " way could people my than first water been call who oil its now find long down day did get come made may part"
                            + " select union order group having limit where set update insert delete drop table values case end exists all any"
                            + " between null is not join left right inner top distinct count min max sum avg user system version database"
                            + " only per free off buy sale save new shop best deal size color price pack inch set pcs kit men women kids home"
                            + " please enter valid email password sign account continue cookie policy script page click here load error"
                            + " function return window document alert confirm prompt object open close print execute exec declare cast char"
                            + " et en le la les de des du un une pour dans sur avec el los las y o con por para del al der die das und ist")
                    .split(" "));

    private final SplittableRandom random;
    private final List<String> words;

    /** @param words of benign text, lower case; not empty */
    LookAlikes(List<String> words, long seed) {
        this.words = words;
        random = new SplittableRandom(seed);
    }

    /** The next text, in lower case as canonical text is. */
    String next() {
        return switch (random.nextInt(20)) {
            case 0, 1 -> opaque();
            case 2, 3, 4 -> list();
            case 5 -> markup(0);
            case 6 -> filter();
            case 7 -> filled(ERRORS);
            case 8 -> filled(SENTENCES);
            case 9 -> address();
            case 10 -> xml(0);
            case 11 -> filled(CODE);
            case 12 -> code();
            case 13 -> pages();
            case 14, 15 -> prose();
            case 16 -> foreign();
            case 17 -> noise();
            case 18 -> numbers();
            default -> style();
        };
    }

    private String word() {
        return random.nextInt(6) == 0 ? any(PLACES) : words.get(random.nextInt(words.size()));
    }

    private String name() {
        var name = new StringBuilder();
        if (random.nextInt(6) == 0) {
            name.append(any(List.of("get", "set", "on", "has", "is", "my", "un", "re")));
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            name.append(word());
        }
        return name.toString();
    }

    private String digits(int most) {
        var digits = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }

    private String drawn(String alphabet, int length) {
        var text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private String token(int kind) {
        return switch (kind) {
            case 0 -> digits(9);
            case 1 -> (random.nextInt(3) == 0 ? "-" : "") + digits(3) + (random.nextBoolean() ? "." + digits(5) : "");
            case 2 -> drawn(ALPHABETS.getFirst(), 1 + random.nextInt(14));
            case 3 -> name();
            case 4 -> drawn("abcdefghijklmnopqrstuvwxyz", 1 + random.nextInt(14));
            case 6 -> any(List.of("null", "true", "false", "undefined", "none", "nan"));
            case 5 -> digits(1) + (random.nextInt(5) == 0 ? "(" + digits(1) + ")" : "");
            default -> word() + (random.nextBoolean() ? "_" : "-") + word();
        };
    }

    private String opaque() {
        int length = 8 + (int) Math.pow(2, random.nextDouble(10));
        int kind = random.nextInt(ALPHABETS.size() + 1);
        if (kind == ALPHABETS.size()) {
            var text = new StringBuilder();
            for (int i = 0; i <= length / 60; i++) {
                text.append(i == 0 ? "" : DELIMITERS.charAt(random.nextInt(8)) + "")
                        .append(new UUID(random.nextLong(), random.nextLong()));
            }
            return text.toString();
        }
        return drawn(ALPHABETS.get(kind), length) + (kind == 1 ? any(List.of("", "=", "==")) : "");
    }

    private String list() {
        var delimiter = drawn(DELIMITERS, random.nextInt(10) < 7 ? 1 : 2);
        if (delimiter.equals("..")) {
            delimiter = ",";
        }
        var quote = any(QUOTES);
        var open = any(OPENING);
        boolean keyed = random.nextInt(3) == 0;
        var is = drawn(":=,~", 1);
        int kind = random.nextInt(8);
        var repeated =
                random.nextInt(5) == 0 ? token(random.nextInt(8)) : null; // a cycle of any length adds up to any score
        var text = new StringBuilder(open);
        for (int i = 3 + random.nextInt(60); i > 0; i--) {
            if (keyed) {
                text.append(quote)
                        .append(token(any(List.of(3, 4, 6))))
                        .append(quote)
                        .append(is);
            }
            text.append(quote)
                    .append(repeated != null ? repeated : token(random.nextInt(5) == 0 ? random.nextInt(8) : kind))
                    .append(quote)
                    .append(i > 1 ? delimiter : "");
        }
        return text.append(open.startsWith("{") ? "}" : open.startsWith("(") ? ")" : open.isEmpty() ? "" : "]")
                .toString();
    }

    private String markup(int depth) {
        var tag = any(TAGS);
        var text = new StringBuilder("<").append(tag);
        var quote = random.nextInt(4) == 0 ? "'" : random.nextInt(5) == 0 ? "\\\"" : "\"";
        for (int i = random.nextInt(4); i > 0; i--) {
            var attribute = any(ATTRIBUTES);
            text.append(' ').append(attribute).append('=').append(quote);
            text.append(
                    switch (attribute) {
                        case "href", "src" -> address();
                        case "style" -> style();
                        default -> word() + (random.nextBoolean() ? " " + name() : digits(4));
                    });
            text.append(quote);
        }
        if (random.nextInt(5) == 0) {
            return text.append(random.nextBoolean() ? "/>" : ">").toString();
        }
        text.append('>');
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(depth < 4 && random.nextInt(3) > 0 ? markup(depth + 1) : " " + word() + " ");
        }
        return text.append("</").append(tag).append('>').toString();
    }

    private String xml(int depth) {
        var tag = (random.nextInt(3) == 0 ? word() + ":" : "") + name();
        var text = new StringBuilder(
                depth == 0 && random.nextBoolean() ? "<?xml version=\"1.0\" encoding=\"utf-8\"?>" : "");
        text.append('<').append(tag);
        if (random.nextInt(3) == 0) {
            text.append(" xmlns:")
                    .append(word())
                    .append("=\"")
                    .append(address())
                    .append('"');
        }
        text.append('>');
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(depth < 3 && random.nextInt(3) > 0 ? xml(depth + 1) : token(random.nextInt(8)));
        }
        return text.append("</").append(tag).append('>').toString();
    }

    private String filter() {
        var text = new StringBuilder();
        var colon = any(List.of(":", " = ", ":\"", " > ", "=", " eq ", " in ("));
        var end = colon.endsWith("\"") ? "\"" : colon.endsWith("(") ? ")" : "";
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            boolean grouped = random.nextInt(3) == 0;
            text.append(grouped ? "(" : "")
                    .append(name())
                    .append(random.nextInt(3) == 0 ? "." + word() : "")
                    .append(colon)
                    .append(token(random.nextInt(8)))
                    .append(end)
                    .append(grouped ? ")" : "")
                    .append(i > 1 ? any(List.of(" and ", " or ", " and not ", ",", " ")) : "");
        }
        return text.toString();
    }

    private String filled(List<String> templates) {
        var template = any(templates);
        Supplier<Object> gap = () -> random.nextInt(5) == 0 ? token(random.nextInt(8)) : word();
        var gaps = new Object[8];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = gap.get();
        }
        return template.formatted(gaps);
    }

    private String address() {
        var text = new StringBuilder(any(List.of("https://www.", "https://", "http://", "//", "/", "./", "../")));
        text.append(name()).append(any(List.of(".com", ".co.uk", ".org", ".io", "")));
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append('/').append(token(random.nextInt(8)));
        }
        text.append(any(
                List.of("", "", ".html", ".php", ".php", ".cgi", ".js", ".png", ".jpg?w=100", ".aspx", "/", ".json")));
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(text.indexOf("?") < 0 ? '?' : '&')
                    .append(word())
                    .append('=')
                    .append(
                            random.nextInt(6) == 0
                                    ? "https%3a%2f%2f" + name() + ".com"
                                    : random.nextInt(8) == 0
                                            ? any(List.of("true", "false", "null", ""))
                                            : token(random.nextInt(8)));
        }
        return text.toString();
    }

    private String prose() {
        boolean escaped = random.nextInt(8) == 0;
        var text = new StringBuilder();
        for (int i = 3 + random.nextInt(30); i > 0; i--) {
            text.append(
                    switch (random.nextInt(8)) {
                        case 0 -> digits(random.nextInt(4) == 0 ? 5 : 2);
                        case 1, 2 -> word();
                        case 3 -> random.nextInt(3) == 0 ? word() + "'s" : word() + "-" + word();
                        default -> any(COMMON);
                    });
            text.append(
                    escaped && random.nextInt(4) == 0
                            ? any(LINE_ENDS).repeat(1 + random.nextInt(3))
                            : random.nextInt(4) > 0
                                    ? " "
                                    : drawn(",.;:!?/&-%|()\"'", 1) + (random.nextInt(4) > 0 ? " " : ""));
        }
        return text.toString();
    }

    /** Letters beyond ASCII between blanks, digits and marks. */
    private String foreign() {
        var text = new StringBuilder();
        for (int i = 3 + random.nextInt(30); i > 0; i--) {
            text.append(
                    switch (random.nextInt(8)) {
                        case 0 -> digits(3);
                        case 1 -> any(COMMON);
                        case 2 -> word();
                        default -> "\u00d7".repeat(2 + random.nextInt(12));
                    });
            text.append(random.nextInt(3) > 0 ? " " : drawn(",.;:!?/&-%|()\"'$#=+*", 1 + random.nextInt(2)));
        }
        return text.toString();
    }

    /** What is no text at all. */
    private String noise() {
        int length = 16 + (int) Math.pow(2, random.nextDouble(10));
        var text = new StringBuilder();
        int high = random.nextInt(3);
        for (int i = 0; i < length; i++) {
            text.append(random.nextInt(3) < high ? '\u00d7' : (char) (' ' + random.nextInt(95)));
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    private String numbers() {
        var between = any(List.of(",", ", ", ";", "|", ":", "-", " ", "_", ".", "],[", "=", "~", "/", "%2c", "*"));
        var is = any(List.of("", "", "", "=", ":", "-", "_", "."));
        int most = 1 + random.nextInt(4);
        var text = new StringBuilder(any(List.of("", "", "[", "(", "\"")));
        for (int i = 4 + random.nextInt(80); i > 0; i--) {
            text.append(digits(most))
                    .append(is.isEmpty() ? "" : is + digits(most))
                    .append(i > 1 ? between : "");
        }
        return text.toString();
    }

    private String code() {
        var text = new StringBuilder();
        for (int i = 2 + random.nextInt(6); i > 0; i--) {
            text.append(filled(CODE)).append(any(List.of("", " ", ";", "; ", "}", ", ")));
        }
        return text.toString();
    }

    /** A path of folders whose names attacks have too. */
    private String pages() {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            text.append('/').append(random.nextInt(3) > 0 ? any(PLACES) : word());
        }
        return text.append(any(List.of("", "/", ".")))
                .append(word())
                .append(any(List.of(
                        "", ".js", ".php", ".html", ".jsp", ".exe", ".ini", ".asp", ".icon.png", ".log", ".cgi")))
                .toString();
    }

    private String style() {
        var text = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            text.append(any(List.of("width", "color", "margin", "background", "font-size", "display", "transform")))
                    .append(random.nextBoolean() ? ":" : ": ")
                    .append(any(List.of(
                            "100%",
                            "#ff00aa",
                            "12px 0",
                            "rgba(0,0,0,.5)",
                            "none",
                            "url(/img/a.png)",
                            "translate(-50%)",
                            "calc(100% - 12px)",
                            "0 auto !important")))
                    .append(i > 1 ? random.nextBoolean() ? ";" : "; " : "");
        }
        return text.toString();
    }
}
