package pt.sunbeam.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import pt.sunbeam.detector.model.Judgement;

/** Scored rows for tests. */
final class Rows {
    private Rows() {}

    static Scored attack(double score) {
        return row(score, true, "attacks", "family", 0);
    }

    static Scored benign(double score) {
        return row(score, false, "pages", "site", 0);
    }

    static Scored row(double score, boolean attack, String source, String cluster, int fold) {
        return new Scored(
                score, decision(score), attack, source, cluster, cluster, source + cluster + score, fold, false);
    }

    static Scored fitted(Scored row) {
        return new Scored(
                row.score(),
                row.decision(),
                row.attack(),
                row.source(),
                row.site(),
                row.group(),
                row.unit(),
                row.fold(),
                true);
    }

    static Judgement decision(double score) {
        if (Double.isInfinite(score)) {
            return score > 0 ? Judgement.TREE_BLOCK : Judgement.TREE_ALLOW;
        }
        return score >= 0 ? Judgement.MLP_BLOCK : Judgement.MLP_ALLOW;
    }

    /** Rows of few different scores, so that ties are common, the tree's among them; attacks tend to score higher. */
    static List<Scored> random(int seed) {
        var random = new SplittableRandom(seed);
        var rows = new ArrayList<Scored>();
        int count = 2 + random.nextInt(60);
        int scores = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            boolean attack = random.nextInt(3) == 0;
            double score = random.nextInt(scores) - scores / 2.0 + (attack ? random.nextInt(3) : 0);
            int tree = random.nextInt(6);
            score = tree == 0 ? Double.NEGATIVE_INFINITY : tree == 1 ? Double.POSITIVE_INFINITY : score;
            rows.add(row(
                    score,
                    attack,
                    (attack ? "a" : "b") + random.nextInt(2),
                    "c" + random.nextInt(4),
                    random.nextInt(3)));
        }
        rows.add(attack(0));
        rows.add(benign(0));
        return rows;
    }
}
