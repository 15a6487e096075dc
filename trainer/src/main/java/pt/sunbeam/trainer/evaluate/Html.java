package pt.sunbeam.trainer.evaluate;

/** Text inside a page. */
final class Html {
    private Html() {}

    /** Text as it may stand in an element or a quoted attribute, whoever wrote it. */
    static String escaped(String text) {
        var out = new StringBuilder(text.length() + 16);
        Texts.plain(text, Integer.MAX_VALUE).chars().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append((char) c);
            }
        });
        return out.toString();
    }
}
