package pt.sunbeam.trainer.dataset;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.feature.DdosFeatures;

/**
 * Turns windows of a log into rows: of benign clients each that differs from the one before in the baseline's features, of attackers at growing distances, for the beginning
 * counts most and the rest is much alike.
 */
final class WindowRows implements ClientWindows.Observer<WindowRows.Tag> {
    static final double GROWTH = 1.15;

    private static final int CROWD_STEP = 25;

    /** The source of campaigns. */
    static final String RECORDED = "recorded";

    /** The site of simulated crowds. */
    static final String CROWD = "simulated crowd";

    /**
     * What is known of a request beside itself.
     *
     * @param group that the split keeps together, or null: the client's network
     * @param fold of the group
     * @param attack null where only the window can tell
     */
    record Tag(
            String source,
            String file,
            String site,
            String family,
            @Nullable String group,
            int fold,
            double weight,
            @Nullable Boolean attack) {
        /** Of a log's client. */
        static Tag of(String source, String file, String site, String family, double weight, @Nullable Boolean attack) {
            return new Tag(source, file, site, family, null, 0, weight, attack);
        }

        /** Of a campaign. */
        static Tag of(Campaign campaign) {
            boolean simulated = campaign.tool().equals(Campaign.SIMULATED);
            return new Tag(
                    simulated ? Sources.SIMULATED : RECORDED,
                    simulated ? "" : campaign.tool() + ".audit",
                    campaign.attack() ? "" : simulated ? CROWD : RECORDED + " " + campaign.name(),
                    campaign.attack() ? campaign.family() : "",
                    campaign.name(),
                    campaign.fold(),
                    simulated ? Sources.SYNTHETIC_WEIGHT : Sources.RECORDED_WEIGHT,
                    campaign.attack());
        }

        Tag unlabelled() {
            return new Tag(source, file, site, family, group, fold, weight, null);
        }
    }

    private final DatasetBuilder builder;
    private final UnaryOperator<String> network;
    private final Guess guess;

    /** Labels a window whose requests have no label; null where it cannot. */
    interface Guess {
        @Nullable
        Boolean isAttack(int events, int[] raw);
    }

    /**
     * Makes rows for a builder.
     *
     * @param network what the split keeps together of a client's address
     */
    WindowRows(DatasetBuilder builder, UnaryOperator<String> network, Guess guess) {
        this.builder = builder;
        this.network = network;
        this.guess = guess;
    }

    @Override
    public void window(ClientWindows.Arrival<Tag> arrival, ClientWindows.Day day, int events, int[] raw) {
        var tag = arrival.tag();
        Boolean attack = tag.attack() != null ? tag.attack() : guess.isAttack(events, raw);
        if (attack == null) {
            return;
        }
        var campaign = tag.group();
        boolean sparse = attack || campaign != null;
        if (sparse ? day.arrivals < day.next : sameToBaseline(raw, day.taken)) {
            return;
        }
        var taken = raw.clone();
        day.taken = taken;
        if (attack) {
            day.next = Math.max(day.arrivals + 1, day.arrivals * GROWTH);
        } else if (campaign != null) {
            day.next = day.arrivals + CROWD_STEP;
        }
        var client = arrival.client();
        var group = campaign != null ? campaign : network.apply(client);
        var origin = new Origin(
                tag.source(),
                tag.file(),
                arrival.event().id(),
                tag.site(),
                client,
                attack || tag.family().equals(PublicLogs.OUTAGE) ? tag.family() : "",
                group,
                campaign != null ? tag.fold() : Folds.of(group),
                arrival.event().timeMillis());
        var unit = campaign != null
                ? group
                : String.join(" ", tag.source(), tag.family(), client, Long.toString(day.number));
        builder.add(new WindowRow(origin, attack, tag.weight(), unit, events, taken));
    }

    private static boolean sameToBaseline(int[] raw, int @Nullable [] taken) {
        return taken != null && Arrays.mismatch(raw, 0, DdosFeatures.COUNT, taken, 0, DdosFeatures.COUNT) < 0;
    }

    @Override
    public void over(String client, ClientWindows.Day day, Tag lastTag) {
        if (day.windows == 0
                && Boolean.FALSE.equals(lastTag.attack())
                && lastTag.group() == null
                && lastTag.family().isEmpty()) {
            builder.unjudged(network.apply(client));
        }
    }
}
