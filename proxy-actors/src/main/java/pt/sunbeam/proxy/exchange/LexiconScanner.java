package pt.sunbeam.proxy.exchange;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.config.SunbeamConfig;
import pt.sunbeam.detector.body.BodyReader;
import pt.sunbeam.detector.canon.HeadReader;
import pt.sunbeam.detector.canon.Place;
import pt.sunbeam.detector.canon.TwoVisitors;
import pt.sunbeam.detector.canon.ValueVisitor;
import pt.sunbeam.detector.feature.ScanFeatures;
import pt.sunbeam.detector.http.RequestHead;
import pt.sunbeam.detector.model.Attribution;
import pt.sunbeam.detector.model.Classifier;
import pt.sunbeam.detector.model.Judgement;
import pt.sunbeam.detector.model.ScannerModel;
import pt.sunbeam.detector.model.Scratch;
import pt.sunbeam.detector.scan.Exemptions;
import pt.sunbeam.detector.scan.Inspection;
import pt.sunbeam.detector.scan.Reason;

/** The detector that reads the values of a request. Thread-safe; holds no lock. */
public final class LexiconScanner implements ScannerLayer {
    private static final byte[] NO_BODY = {};
    private static final int REASONS = 3;
    private static final int MOST_FINDINGS = 10;
    private static final int MOST_EDITS = 20;

    private final ScannerModel model;
    private final int blockAt;
    private final ExceptionTable exceptions;
    private final Attribution attribution;
    private final ThreadLocal<Desk> desks;
    private final int inspectBytes;

    /** What one thread needs to inspect one request after the other. */
    private static final class Desk {
        final HeadReader reader = new HeadReader();
        final Inspection inspection;
        final BodyReader bodies;
        final Scratch scratch = new Scratch(ScanFeatures.COUNT);

        Desk(ScannerModel model) {
            inspection = Inspection.remembering(model.lexicon());
            bodies = new BodyReader(inspection);
        }
    }

    public LexiconScanner(SunbeamConfig.Scanner config, ScannerModel model) {
        this.model = model;
        blockAt = model.ensemble().logitOf(config.threshold());
        exceptions = new ExceptionTable(config.exceptions());
        attribution = new Attribution(
                model.ensemble(),
                new int[ScanFeatures.COUNT],
                ScanFeatures.NAMES,
                (_, value) -> Integer.toString(value));
        inspectBytes = config.bodies().inspectBytes();
        desks = ThreadLocal.withInitial(() -> new Desk(model));
    }

    @Override
    public Classifier model() {
        return model.ensemble();
    }

    @Override
    public Decision decide(RequestHead head, String route) {
        return decide(head, NO_BODY, exceptions.of(route));
    }

    /** The decision on a request with its body, or as much of it as there is. */
    public Decision decide(RequestHead head, byte[] body, String route) {
        return decide(head, body, exceptions.of(route));
    }

    private Decision decide(RequestHead head, byte[] body, Exemptions exemptions) {
        Desk desk = desks.get();
        desk.inspection.reset(exemptions);
        desk.inspection.anomalies(desk.reader.read(head, desk.inspection));
        if (body.length > 0) {
            desk.bodies.begin(head, inspectBytes);
            desk.bodies.feed(body, 0, body.length);
            desk.bodies.end();
            desk.inspection.faults(Integer.bitCount(desk.bodies.anomalies()));
        }
        return judge(desk.inspection, desk.scratch);
    }

    /** Judges the body together with the head: what the head holds counts on. */
    @Override
    public BodyInspection body(RequestHead head, String route, ValueVisitor also) {
        return new Bodies(head, exceptions.of(route), also);
    }

    private final class Bodies implements BodyInspection {
        private final Inspection inspection = new Inspection(model.lexicon());
        private final BodyReader reader;
        private final Scratch scratch = new Scratch(ScanFeatures.COUNT);
        private @Nullable Decision decision;

        private Bodies(RequestHead head, Exemptions exemptions, ValueVisitor also) {
            reader = new BodyReader(new TwoVisitors(inspection, also));
            inspection.reset(exemptions);
            inspection.anomalies(desks.get().reader.read(head, inspection));
            reader.begin(head, inspectBytes);
        }

        @Override
        public void feed(byte[] bytes, int from, int to) {
            reader.feed(bytes, from, to);
            inspection.look();
            judge();
        }

        @Override
        public void end() {
            reader.end();
            inspection.faults(Integer.bitCount(reader.anomalies()));
            judge();
        }

        /** The first decision to block stays. */
        private void judge() {
            if (decision == null || !decision.block()) {
                decision = LexiconScanner.this.judge(inspection, scratch);
            }
        }

        @Override
        public @Nullable Decision decision() {
            return decision;
        }

        @Override
        public boolean isBlocked() {
            return decision != null && decision.block();
        }

        @Override
        public boolean isOversize() {
            return reader.isOversize() || reader.isUnreadable();
        }

        @Override
        public boolean isReading() {
            return reader.isReading();
        }
    }

    /** What the values hold, strongest first, one a channel, whatever the decision. */
    public List<Reason> findings(RequestHead head, byte[] body, String route) {
        decide(head, body, route);
        return desks.get().inspection.reasons(MOST_FINDINGS);
    }

    /** Values without which a blocked request would pass, left out strongest first; empty where that does not help. */
    public List<Reason> edit(RequestHead head, byte[] body, String route) {
        Exemptions excepted = exceptions.of(route);
        List<Reason> without = new ArrayList<>();
        while (decide(head, body, without.isEmpty() ? excepted : new Without(excepted, without))
                .block()) {
            List<Reason> strongest = desks.get().inspection.reasons(1);
            if (strongest.isEmpty() || without.size() == MOST_EDITS) {
                return List.of();
            }
            without.add(strongest.getFirst());
        }
        return without;
    }

    /** Exceptions, and values that are left out. */
    private record Without(Exemptions excepted, List<Reason> leftOut) implements Exemptions {
        @Override
        public int of(Place place, byte[] bytes, int nameFrom, int nameTo) {
            String name = Reason.name(bytes, nameFrom, nameTo);
            for (Reason reason : leftOut) {
                if (reason.place() == place && reason.name().equals(name)) {
                    return ALL;
                }
            }
            return excepted.of(place, bytes, nameFrom, nameTo);
        }
    }

    private Decision judge(Inspection inspection, Scratch scratch) {
        int[] features = new int[ScanFeatures.COUNT];
        inspection.features(features);
        Judgement judgement = model.ensemble().judge(features, scratch, blockAt);
        return new Decision(
                judgement.block(),
                model.ensemble().score(judgement, scratch),
                ScannerLayer.reason(judgement),
                judgement,
                features,
                judgement.block() ? reasons(inspection, features) : List.of());
    }

    /** What the values hold; where no channel has a word for it, the features that count. */
    private List<String> reasons(Inspection inspection, int[] features) {
        List<Reason> found = inspection.reasons(REASONS);
        return found.isEmpty()
                ? attribution.reasons(features, blockAt)
                : found.stream().map(Reason::text).toList();
    }
}
