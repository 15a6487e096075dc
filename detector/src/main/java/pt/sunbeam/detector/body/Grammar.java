package pt.sunbeam.detector.body;

/** Reads content of one type. One that is used again begins anew with its own {@code begin}. */
abstract sealed class Grammar permits FormGrammar, JsonGrammar, MultipartGrammar, TextGrammar, XmlGrammar {
    /** Takes the next bytes and returns {@code to}, or where the first one stands that does not fit: from there on it reads no more. */
    abstract int feed(byte[] bytes, int from, int to);

    /** Ends the value that is open, if any; false where the content may not end here. */
    abstract boolean end();
}
