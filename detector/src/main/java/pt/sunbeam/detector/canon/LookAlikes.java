package pt.sunbeam.detector.canon;

/**
 * The ASCII characters that programs behind a proxy make of others: full-width forms and mathematical letters (compatibility decompositions of
 * Unicode), what upper-casing makes of the long s and the Kelvin sign, and the best fits of older code pages for quotes, slashes and angle brackets.
 */
final class LookAlikes {
    /** The ASCII character; 0 where the character shows nothing; -1 where it stands for itself. */
    static int of(int codePoint) {
        if (codePoint < 0xad) {
            return codePoint == 0xa0 ? ' ' : codePoint < 0x80 ? codePoint : -1;
        }
        if (codePoint >= 0xff01 && codePoint <= 0xff5e) {
            return codePoint - 0xfee0;
        }
        if (codePoint >= 0x1d400 && codePoint <= 0x1d6a3) {
            return letter((codePoint - 0x1d400) % 52);
        }
        if (codePoint >= 0x24b6 && codePoint <= 0x24e9) {
            return letter(codePoint - 0x24b6);
        }
        return switch (codePoint) {
            case 0x1680,
                    0x2000,
                    0x2001,
                    0x2002,
                    0x2003,
                    0x2004,
                    0x2005,
                    0x2006,
                    0x2007,
                    0x2008,
                    0x2009,
                    0x200a,
                    0x2028,
                    0x2029,
                    0x202f,
                    0x205f,
                    0x3000 -> ' ';
            case 0xad, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0xfeff ->
                0;
            case 0xb4, 0x2b9, 0x2bc, 0x2c8, 0x2018, 0x2019, 0x201a, 0x201b, 0x2032, 0x2035 -> '\'';
            case 0x2ba, 0x201c, 0x201d, 0x201e, 0x201f, 0x2033 -> '"';
            case 0x2039, 0x2329, 0x27e8, 0x3008, 0xfe64 -> '<';
            case 0x203a, 0x232a, 0x27e9, 0x3009, 0xfe65 -> '>';
            case 0x2044, 0x2215, 0x29f8 -> '/';
            case 0x2216, 0x29f5, 0xfe68 -> '\\';
            case 0x2024, 0xfe52 -> '.';
            case 0x37e, 0xfe54 -> ';';
            case 0x2236, 0xfe55 -> ':';
            case 0x17f -> 's';
            case 0x212a -> 'k';
            default -> -1;
        };
    }

    private static int letter(int index) {
        return index < 26 ? 'A' + index : 'a' + index - 26;
    }

    private LookAlikes() {}
}
