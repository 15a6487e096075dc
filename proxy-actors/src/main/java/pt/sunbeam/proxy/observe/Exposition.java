package pt.sunbeam.proxy.observe;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import kamon.metric.Distribution;
import kamon.metric.Instrument;
import kamon.metric.Metric;
import kamon.metric.MetricSnapshot;
import kamon.metric.PeriodSnapshot;
import kamon.module.MetricReporter;
import kamon.prometheus.PrometheusSettings;
import kamon.prometheus.ScrapeDataBuilder;
import kamon.tag.TagSet;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Kamon measured, as Prometheus text of format 0.0.4.
 *
 * <p>Kamon's own reporter does the same but keeps each series for five years after its instrument was removed; here it goes with the next tick.
 */
final class Exposition implements MetricReporter {
    private final Totals<Object> counters = new Totals<>((before, more) -> (Long) before + (Long) more);
    private final Totals<Distribution> timers = new Totals<>(Distribution::merge);
    private final PrometheusSettings.Generic settings;
    private final List<Histogram> histograms;
    private volatile String text = "# nothing has been gathered yet\n";

    /**
     * A series that is to be there before its first value; Kamon leaves it out.
     *
     * @param label "name=\"value\"", or empty
     * @param bounds of its buckets, without the last
     */
    record Histogram(String name, String label, List<Double> bounds) {
        private String zeros() {
            var lines = new StringBuilder();
            for (Double bound : bounds) {
                bucket(lines, bound.toString());
            }
            bucket(lines, "+Inf");
            return lines.append(count())
                    .append(" 0.0\n")
                    .append(sum())
                    .append(" 0.0\n")
                    .toString();
        }

        private void bucket(StringBuilder lines, String bound) {
            lines.append(name).append("_bucket{").append(label).append(label.isEmpty() ? "" : ",");
            lines.append("le=\"").append(bound).append("\"} 0.0\n");
        }

        private String count() {
            return name + "_count" + braced();
        }

        private String sum() {
            return name + "_sum" + braced();
        }

        private String braced() {
            return label.isEmpty() ? "" : "{" + label + "}";
        }
    }

    /** @param kamon with the section {@code kamon.prometheus} */
    Exposition(Config kamon, List<Histogram> histograms) {
        this.settings = PrometheusSettings.readSettings(kamon.getConfig("kamon.prometheus"));
        this.histograms = List.copyOf(histograms);
    }

    /** As of the last tick. */
    String text() {
        return text;
    }

    @Override
    public void reportPeriodSnapshot(PeriodSnapshot snapshot) {
        var built = new ScrapeDataBuilder(settings, TagSet.Empty())
                .appendCounters(counters.with(snapshot.counters()))
                .appendGauges(snapshot.gauges())
                .appendHistograms(timers.with(snapshot.timers()))
                .build();
        text = withZeros(built);
    }

    private String withZeros(String built) {
        String whole = built;
        for (Histogram histogram : histograms) {
            String type = "# TYPE " + histogram.name() + " histogram\n";
            if (whole.contains(type) && !whole.contains("\n" + histogram.count() + " ")) {
                whole = whole.replace(type, type + histogram.zeros());
            }
        }
        return whole;
    }

    /** What has been measured so far of the instruments that there are. Each snapshot holds all of them, those just removed for the last time. */
    private static final class Totals<V> {
        private final BinaryOperator<V> plus;
        private Map<String, Map<TagSet, V>> totals = Map.of();

        Totals(BinaryOperator<V> plus) {
            this.plus = plus;
        }

        <S extends Metric.Settings> Seq<MetricSnapshot<S, V>> with(Seq<MetricSnapshot<S, V>> latest) {
            var next = new HashMap<String, Map<TagSet, V>>();
            var metrics = new ArrayList<MetricSnapshot<S, V>>();
            for (MetricSnapshot<S, V> metric : CollectionConverters.asJava(latest)) {
                var before = totals.getOrDefault(metric.name(), Map.of());
                var now = new HashMap<TagSet, V>();
                var instruments = new ArrayList<Instrument.Snapshot<V>>();
                for (Instrument.Snapshot<V> instrument : CollectionConverters.asJava(metric.instruments())) {
                    V known = before.get(instrument.tags());
                    V total = known == null ? instrument.value() : plus.apply(known, instrument.value());
                    now.put(instrument.tags(), total);
                    instruments.add(new Instrument.Snapshot<>(instrument.tags(), total));
                }
                next.put(metric.name(), now);
                metrics.add(
                        new MetricSnapshot<>(metric.name(), metric.description(), metric.settings(), seq(instruments)));
            }
            totals = next;
            return seq(metrics);
        }

        private static <T> Seq<T> seq(List<T> list) {
            return CollectionConverters.asScala(list).toSeq();
        }
    }

    @Override
    public void stop() {}

    @Override
    public void reconfigure(Config config) {}
}
