package pt.sunbeam.detector.canon;

import java.util.Arrays;
import java.util.Map;

/** The named character references of HTML that stand for ASCII characters (WHATWG HTML section 13.5), looked up without case. */
final class Entities {
    private static final Map<String, Character> NAMES = Map.ofEntries(
            Map.entry("tab", '\t'),
            Map.entry("newline", '\n'),
            Map.entry("nbsp", ' '),
            Map.entry("excl", '!'),
            Map.entry("quot", '"'),
            Map.entry("num", '#'),
            Map.entry("dollar", '$'),
            Map.entry("percnt", '%'),
            Map.entry("amp", '&'),
            Map.entry("apos", '\''),
            Map.entry("lpar", '('),
            Map.entry("rpar", ')'),
            Map.entry("ast", '*'),
            Map.entry("midast", '*'),
            Map.entry("plus", '+'),
            Map.entry("comma", ','),
            Map.entry("period", '.'),
            Map.entry("sol", '/'),
            Map.entry("colon", ':'),
            Map.entry("semi", ';'),
            Map.entry("lt", '<'),
            Map.entry("equals", '='),
            Map.entry("gt", '>'),
            Map.entry("quest", '?'),
            Map.entry("commat", '@'),
            Map.entry("lsqb", '['),
            Map.entry("lbrack", '['),
            Map.entry("bsol", '\\'),
            Map.entry("rsqb", ']'),
            Map.entry("rbrack", ']'),
            Map.entry("hat", '^'),
            Map.entry("lowbar", '_'),
            Map.entry("grave", '`'),
            Map.entry("lcub", '{'),
            Map.entry("lbrace", '{'),
            Map.entry("verbar", '|'),
            Map.entry("vert", '|'),
            Map.entry("rcub", '}'),
            Map.entry("rbrace", '}'));

    private static final int LONGEST = 8;
    private static final long[] PACKED;
    private static final byte[] CHARACTERS;

    static {
        PACKED = NAMES.keySet().stream().mapToLong(Entities::pack).sorted().toArray();
        CHARACTERS = new byte[PACKED.length];
        NAMES.forEach((name, character) ->
                CHARACTERS[Arrays.binarySearch(PACKED, pack(name))] = (byte) character.charValue());
    }

    private static long pack(String name) {
        long packed = 0;
        for (int i = 0; i < name.length(); i++) {
            packed = packed << 8 | name.charAt(i);
        }
        return packed;
    }

    /** The character of the name at {@code bytes[from, to)}, or -1. */
    static int find(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return -1;
        }
        long packed = 0;
        for (int i = from; i < to; i++) {
            packed = packed << 8 | (CharacterTable.PLAIN[bytes[i] & 0xff] & 0xff);
        }
        int at = Arrays.binarySearch(PACKED, packed);
        return at < 0 ? -1 : CHARACTERS[at];
    }

    private Entities() {}
}
