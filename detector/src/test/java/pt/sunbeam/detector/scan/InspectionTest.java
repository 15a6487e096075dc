package pt.sunbeam.detector.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pt.sunbeam.detector.canon.Anomaly;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.lexicon.Channel;
import pt.sunbeam.detector.lexicon.Lexicon;
import pt.sunbeam.detector.lexicon.TestLexicon;

class InspectionTest {
    private static final String UNION = "union select"; // 10 trigrams
    private static final String SCRIPT = "<script>"; // 6 trigrams
    private static final String B64 =
            Base64.getEncoder().encodeToString((UNION + " 1 from users").getBytes(ISO_8859_1));
    private static final Lexicon LEXICON = new TestLexicon()
            .attack(Channel.SQLI, UNION, 10)
            .attack(Channel.XSS, SCRIPT, 10)
            .any("strange", 10)
            .gate(40)
            .bar(Place.COOKIE, 30)
            .build();

    private final Inspection inspection = new Inspection(LEXICON);
    private final HeadReader reader = new HeadReader();

    @Test
    void aPayloadRaisesItsChannelAndTheReasonQuotesNothingElseOfTheValue() {
        read(Exemptions.NONE, "/shop?page=2&id=secret7%27%20UNION%20SELECT%20password");
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(100);
        assertThat(features()[channel(Channel.SQLI)]).isEqualTo(100);
        assertThat(features()[channel(Channel.XSS)]).isZero();
        assertThat(features()[ScanFeatures.ANY_SECOND]).isZero();
        assertThat(features()[ScanFeatures.SUSPICIOUS_VALUES]).isOne();
        assertThat(inspection.reasons(3)).containsExactly(new Reason(Channel.SQLI, Place.QUERY, "id", UNION, 100));
    }

    @Test
    void reasonsComeStrongestFirstOneForEachChannelAndNoMoreThanAsked() {
        read(Exemptions.NONE, "/?a=" + SCRIPT + "&b=union+select&c=x" + SCRIPT);
        assertThat(inspection.reasons(3))
                .containsExactly(
                        new Reason(Channel.SQLI, Place.QUERY, "b", UNION, 100),
                        new Reason(Channel.XSS, Place.QUERY, "a", SCRIPT, 60));
        assertThat(inspection.reasons(1)).hasSize(1);
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(100);
        assertThat(features()[ScanFeatures.ANY_SECOND]).isEqualTo(60);
        assertThat(features()[ScanFeatures.SUSPICIOUS_VALUES]).isEqualTo(3);
    }

    @Test
    void whatNoChannelKnowsIsToldUnderOther() {
        read(Exemptions.NONE, "/?a=very+strange+thing");
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(50);
        assertThat(features()[channel(Channel.OTHER)]).isZero();
        assertThat(inspection.reasons(3)).containsExactly(new Reason(Channel.OTHER, Place.QUERY, "a", "strange", 50));
    }

    @Test
    void aPayloadThatOnlyTheSecondReadingShowsCountsAsMuch() {
        read(Exemptions.NONE, "/?id=1+uni/**/on+sel/**/ect+2");
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(100);
        assertThat(features()[channel(Channel.SQLI)]).isEqualTo(100);
        assertThat(inspection.reasons(3)).containsExactly(new Reason(Channel.SQLI, Place.QUERY, "id", UNION, 100));
    }

    @Test
    void aPayloadInACommentCountsThoughTheSecondReadingDropsIt() {
        read(Exemptions.NONE, "/?id=a/*" + SCRIPT + "*/b");
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(60);
        assertThat(inspection.reasons(3)).containsExactly(new Reason(Channel.XSS, Place.QUERY, "id", SCRIPT, 60));
    }

    @Test
    void theSecondReadingGoesOnAcrossChunksAndEndsWithItsValue() {
        for (int before = 4_040; before < 4_110; before++) {
            for (String split :
                    new String[] {"uni/**/on sel/**/ect", "uni\"+\"on sel\"+\"ect", "uni\"\"on ${IFS}select", B64}) {
                for (String filler : new String[] {"b", "b "}) {
                    String padding = filler.repeat(before).substring(0, before);
                    byte[] value = (padding + " " + split + " " + padding).getBytes(ISO_8859_1);
                    inspection.reset(Exemptions.NONE);
                    inspection.begin(Place.JSON, value, 0, 0);
                    inspection.more(value, 0, value.length);
                    inspection.end();
                    // 20 at most for what is read twice at the cut.
                    assertThat(features()[ScanFeatures.ANY])
                            .as("%s behind %d bytes %s", split, before, filler)
                            .isBetween(100, 120);
                    assertThat(inspection.reasons(3)).singleElement().satisfies(reason -> {
                        assertThat(reason.channel()).isEqualTo(Channel.SQLI);
                        assertThat(reason.segment()).endsWith(UNION);
                    });
                }
            }
        }
        inspection.reset(Exemptions.NONE);
        byte[] half = "uni/**/on".getBytes(ISO_8859_1);
        inspection.value(Place.JSON, half, 0, 0, 0, half.length);
        byte[] rest = " select".getBytes(ISO_8859_1);
        inspection.value(Place.JSON, rest, 0, 0, 0, rest.length);
        assertThat(features()[ScanFeatures.ANY]).isLessThan(100);
    }

    @Test
    void theBarOfAPlaceIsTakenOffItsValues() {
        inspection.reset(Exemptions.NONE);
        reader.read(RequestHead.of("GET", "/", "Cookie", "a=b; id=" + UNION), inspection);
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(70);
        assertThat(features()[channel(Channel.SQLI)]).isEqualTo(70);
        inspection.reset(Exemptions.NONE);
        reader.read(RequestHead.of("GET", "/", "Cookie", "id=" + SCRIPT), inspection);
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(30);
        assertThat(features()[ScanFeatures.SUSPICIOUS_VALUES]).isZero();
        assertThat(inspection.reasons(3)).isEmpty();
    }

    @Test
    void aRequestLeavesNothingBehindForTheNext() {
        read(Exemptions.NONE, "/../%00%01?a=" + SCRIPT + "&b=union%2520select");
        inspection.faults(2);
        assertThat(Arrays.stream(features()).filter(x -> x > 0)).hasSize(10);
        read(Exemptions.NONE, "/?page=2");
        assertThat(features()).containsOnly(0);
        assertThat(inspection.reasons(3)).isEmpty();
    }

    @Test
    void aValueThatBreaksOffWithItsRequestLeavesNothingBehindForTheNext() {
        byte[] half = "union".getBytes(ISO_8859_1);
        inspection.reset(Exemptions.NONE);
        inspection.begin(Place.JSON, half, 0, 0);
        inspection.more(half, 0, half.length);
        inspection.reset(Exemptions.NONE);
        byte[] rest = " select".getBytes(ISO_8859_1);
        inspection.begin(Place.JSON, rest, 0, 0);
        inspection.more(rest, 0, rest.length);
        inspection.end();
        assertThat(features()[ScanFeatures.ANY]).isLessThan(100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aValueAtHandWholeCountsAsOneInPieces(int seed) {
        var random = new SplittableRandom(seed);
        var lexicon = TestLexicon.random(seed);
        var alphabet = "aB1 %2'\"/*\0.;<&\u00e9";
        var pieces = new Inspection(lexicon);
        var whole = new Inspection(lexicon);
        for (int round = 0; round < 200; round++) {
            byte[] value = new byte[random.nextInt(round < 190 ? 60 : 9_000)];
            for (int i = 0; i < value.length; i++) {
                value[i] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            pieces.reset(Exemptions.NONE);
            pieces.begin(Place.QUERY, value, 0, Math.min(3, value.length));
            pieces.more(value, 0, value.length / 2);
            pieces.more(value, value.length / 2, value.length);
            pieces.end();
            whole.reset(Exemptions.NONE);
            whole.value(Place.QUERY, value, 0, Math.min(3, value.length), 0, value.length);
            assertThat(features(whole)).isEqualTo(features(pieces));
            assertThat(whole.reasons(6)).isEqualTo(pieces.reasons(6));
        }
    }

    /** Twice as many values as are remembered, so that they also take each other's place. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsRememberedOfFieldsChangesNoResult(int seed) {
        var random = new SplittableRandom(seed);
        var pieces =
                new String[] {"Mozilla/5.0 (", "text/html;q=0.", UNION, SCRIPT, "%25", "%2e", "/**/", "\u00e9", "'", B64
                };
        var values = new String[2 * RecentValues.SLOTS];
        for (int i = 0; i < values.length; i++) {
            var value = new StringBuilder().append(i);
            for (int more = random.nextInt(random.nextInt(20) == 0 ? 40 : 8); more > 0; more--) {
                value.append(pieces[random.nextInt(pieces.length)]);
            }
            values[i] = value.toString();
        }
        Exemptions sql = (_, bytes, from, to) -> "b".equals(text(bytes, from, to)) ? Channel.SQLI.bit() : 0;
        var lexicon = seed == 0 ? LEXICON : TestLexicon.random(seed);
        var forgetful = new Inspection(lexicon);
        var remembering = Inspection.remembering(lexicon);
        for (int round = 0; round < 2_000; round++) {
            var head = RequestHead.builder("GET", "/?c=" + UNION.replace(' ', '+'), "HTTP/1.1");
            for (String name : new String[] {"A", "b", "C"}) {
                int often = random.nextInt(3) == 0 ? values.length : 8;
                head.field(name, values[random.nextInt(often)]);
            }
            var request = head.build();
            var exemptions = random.nextInt(4) == 0 ? sql : Exemptions.NONE;
            for (Inspection one : List.of(forgetful, remembering)) {
                one.reset(exemptions);
                one.anomalies(reader.read(request, one));
            }
            assertThat(features(remembering)).isEqualTo(features(forgetful));
            assertThat(remembering.reasons(7)).isEqualTo(forgetful.reasons(7));
        }
    }

    @Test
    void anomaliesOfTheRequestAreCountedByKind() {
        read(Exemptions.NONE, "/a/%zz?x=%2525zz%00&y=%00");
        inspection.faults(2);
        inspection.anomalies(Anomaly.TOO_NESTED.bit());
        assertThat(features()[ScanFeatures.ENCODING_ANOMALIES]).isEqualTo(2);
        assertThat(features()[ScanFeatures.DECODING_ROUNDS]).isOne();
        assertThat(features()[ScanFeatures.STRUCTURE_ANOMALIES]).isEqualTo(3);
        inspection.faults(Integer.MAX_VALUE);
        assertThat(features()[ScanFeatures.STRUCTURE_ANOMALIES]).isEqualTo(127);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/a/../..",
                "/a/..%2f../b",
                "/%2e%2e/",
                "/..;x=1/b",
                "/a/..\\..\\b",
                "/./.././a",
                "//..",
                "/%252e%252e"
            })
    void aPathThatClimbsAboveTheRootIsSeenHoweverItIsWritten(String path) {
        read(Exemptions.NONE, path);
        assertThat(features()[ScanFeatures.PATH_ESCAPES]).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a/..", "/a/b/../..", "/...", "/..a", "/a..", "/a;../b", "/a/./../b", "/a/?x=/../.."})
    void aPathThatStaysBelowTheRootIsLeftInPeace(String path) {
        read(Exemptions.NONE, path);
        assertThat(features()[ScanFeatures.PATH_ESCAPES]).isZero();
    }

    @Test
    void anExceptionForAChannelSparesItsValuesAndNoOthers() {
        Exemptions sqlInId = (place, bytes, from, to) ->
                place == Place.QUERY && "id".equals(text(bytes, from, to)) ? Channel.SQLI.bit() : 0;
        read(sqlInId, "/?id=" + "union+select");
        assertThat(features()).containsOnly(0);
        assertThat(inspection.reasons(3)).isEmpty();
        read(sqlInId, "/?id=union+select&b=union+select");
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(100);
        assertThat(inspection.reasons(3)).extracting(Reason::name).containsExactly("b");
        read(sqlInId, "/?id=" + SCRIPT);
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(60);
    }

    @Test
    void aValueThatIsExceptedWhollyIsNotLookedAt() {
        Exemptions id = (_, bytes, from, to) -> "id".equals(text(bytes, from, to)) ? Exemptions.ALL : 0;
        read(id, "/?id=union%2520select%00" + SCRIPT);
        assertThat(features()).containsOnly(0);
        read(id, "/?id=union+select&x=" + SCRIPT);
        assertThat(features()[ScanFeatures.ANY]).isEqualTo(60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void howAValueIsCutMakesNoDifference(int seed) {
        var random = new SplittableRandom(seed);
        var pieces = new StringBuilder();
        var alphabet = new String[] {
            UNION, SCRIPT, "%", "25", "2e", "+", "&lt;", "\\u003", "c", "/*", "*/", "x", " ", "\0", "'"
        };
        while (pieces.length() < 30_000) {
            pieces.append(alphabet[random.nextInt(alphabet.length)]);
            if (random.nextInt(200) == 0) {
                pieces.append("padding ".repeat(random.nextInt(900)));
            }
        }
        byte[] value = pieces.toString().getBytes(ISO_8859_1);
        var lexicon = TestLexicon.random(seed);
        var whole = new Inspection(lexicon);
        whole.reset(Exemptions.NONE);
        whole.begin(Place.QUERY, value, 0, 0);
        whole.more(value, 0, value.length);
        whole.end();
        var cut = new Inspection(lexicon);
        cut.reset(Exemptions.NONE);
        cut.begin(Place.QUERY, value, 0, 0);
        for (int at = 0; at < value.length; ) {
            int next = Math.min(value.length, at + random.nextInt(random.nextBoolean() ? 4 : 3_000));
            cut.more(value, at, next);
            at = next;
        }
        cut.end();
        assertThat(features(cut)).isEqualTo(features(whole));
        assertThat(cut.reasons(6)).isEqualTo(whole.reasons(6)).isNotEmpty();
    }

    @Test
    void aPayloadIsFoundWhereverItStandsInALongValue() {
        for (int before = 0; before < 9_000; before += 7) {
            byte[] value = ("b".repeat(before) + UNION + "b".repeat(5_000)).getBytes(ISO_8859_1);
            inspection.reset(Exemptions.NONE);
            inspection.begin(Place.JSON, value, 0, 0);
            inspection.more(value, 0, value.length);
            inspection.end();
            assertThat(features()[ScanFeatures.ANY])
                    .as("behind %d bytes", before)
                    .isEqualTo(100);
            assertThat(inspection.reasons(1)).containsExactly(new Reason(Channel.SQLI, Place.JSON, "", UNION, 100));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverTheBytesAreNothingIsThrownAndMoreValuesNeverLowerAFeature(int seed) {
        var random = new SplittableRandom(seed);
        var any = new Inspection(TestLexicon.random(seed));
        var places = List.of(Place.values());
        for (int round = 0; round < 200; round++) {
            any.reset(Exemptions.NONE);
            int[] before = features(any);
            for (int i = 0; i < 10; i++) {
                byte[] value = new byte[random.nextInt(100)];
                random.nextBytes(value);
                any.begin(places.get(random.nextInt(places.size())), value, 0, random.nextInt(value.length + 1));
                any.more(value, 0, value.length);
                any.end();
                int[] after = features(any);
                for (int f = 0; f < after.length; f++) {
                    assertThat(after[f]).as(ScanFeatures.NAMES.get(f)).isGreaterThanOrEqualTo(before[f]);
                }
                before = after;
            }
            assertThat(any.reasons(7).size()).isLessThanOrEqualTo(7);
        }
    }

    @Test
    void longNamesAndBytesThatCannotBePrintedAreShownWithinBounds() {
        byte[] name = "n".repeat(100).getBytes(ISO_8859_1);
        byte[] value = ("\u00e9" + "union select ".repeat(20)).getBytes(ISO_8859_1);
        inspection.reset(Exemptions.NONE);
        inspection.begin(Place.FORM, name, 0, name.length);
        inspection.more(value, 0, value.length);
        inspection.end();
        assertThat(inspection.reasons(1)).singleElement().satisfies(reason -> {
            assertThat(reason.name()).isEqualTo("n".repeat(64));
            assertThat(reason.segment()).hasSize(96).startsWith("union select union");
        });
        value = "\u00e9\u00e9\u00e9".getBytes(ISO_8859_1);
        var inspection2 = new Inspection(new TestLexicon()
                .attack(Channel.CODE, "\u00e9\u00e9\u00e9", 50)
                .gate(40)
                .build());
        inspection2.reset(Exemptions.NONE);
        inspection2.begin(Place.FORM, value, 0, 1);
        inspection2.more(value, 0, value.length);
        inspection2.end();
        assertThat(inspection2.reasons(1))
                .containsExactly(new Reason(Channel.CODE, Place.FORM, "\\xe9", "\\xe9\\xe9\\xe9", 50));
    }

    @Test
    void anInspectionAllocatesNothing() {
        assertAllocatesNothing(inspection);
    }

    @Test
    void oneThatRemembersAllocatesNothingEither() {
        assertAllocatesNothing(Inspection.remembering(LEXICON));
    }

    private void assertAllocatesNothing(Inspection inspection) {
        var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var head = RequestHead.of(
                "GET", "/a?b=1&id=7'+union+select&c=%3Cscript%3E", "Host", "a.shop.example.com", "Cookie", "x=y");
        int[] out = new int[ScanFeatures.COUNT];
        long allocated = -1;
        for (int round = 0; round < 1_000 && allocated != 0; round++) {
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                inspection.reset(Exemptions.NONE);
                inspection.anomalies(reader.read(head, inspection));
                inspection.features(out);
            }
            allocated = memory.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocated).as("bytes for 100 requests").isZero();
        assertThat(out[ScanFeatures.ANY]).isEqualTo(100);
    }

    private void read(Exemptions exemptions, String target) {
        inspection.reset(exemptions);
        inspection.anomalies(reader.read(RequestHead.of("GET", target, "Host", "shop.example"), inspection));
    }

    private int[] features() {
        return features(inspection);
    }

    private static int[] features(Inspection inspection) {
        int[] out = new int[ScanFeatures.COUNT];
        inspection.features(out);
        return out;
    }

    private static int channel(Channel channel) {
        return ScanFeatures.CHANNELS + channel.index();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(Arrays.copyOfRange(bytes, from, to), ISO_8859_1);
    }

    private static Stream<Integer> seeds() {
        return IntStream.range(0, 20).boxed();
    }
}
