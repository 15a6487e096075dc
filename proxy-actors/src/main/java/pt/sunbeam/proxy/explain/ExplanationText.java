package pt.sunbeam.proxy.explain;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import pt.sunbeam.proxy.replay.Printable;

/** An explanation for people. Printable ASCII: what a client sent moves no terminal's cursor. */
public final class ExplanationText {
    private static final int LONGEST_TARGET = 200;

    private final Formatter text = new Formatter(Locale.ROOT);

    private ExplanationText() {}

    /** Several lines. */
    public static String of(Explanation explanation) {
        var table = new ExplanationText();
        table.request(explanation);
        table.ddos(explanation);
        table.scanner(explanation.scanner());
        return table.text.toString();
    }

    private void request(Explanation explanation) {
        var request = explanation.request();
        String target = explanation.target();
        text.format(
                "request  %s %s  (host: %s)%n",
                Printable.of(explanation.method()),
                Printable.of(target.length() <= LONGEST_TARGET ? target : target.substring(0, LONGEST_TARGET) + "..."),
                explanation.host().isEmpty() ? "none" : Printable.of(explanation.host()));
        if (request.line() > 0) {
            text.format(
                    "         line %d  %s  %s  %d%n",
                    request.line(),
                    Printable.of(request.requestId()),
                    Printable.of(request.client()),
                    request.status());
        }
    }

    private void ddos(Explanation explanation) {
        var ddos = explanation.ddos();
        text.format("%n");
        if (ddos == null) {
            text.format("ddos     not judged: %s%n", Printable.of(String.valueOf(explanation.ddosMissing())));
            return;
        }
        text.format("ddos     %s%n", ddos.decision());
        if (ddos.ban() != null) {
            text.format(
                    "         banned until %s by %s, score %.4f%n",
                    ddos.ban().until(), ddos.ban().path(), ddos.ban().score());
            reasons(ddos.ban().reasons());
        }
        text.format("         %s at %s: %d requests in its window%n", ddos.address(), ddos.at(), ddos.events());
        if (ddos.judged()) {
            text.format("         the window %s%n", ddos.offence() ? "brings a ban about" : "is no offence");
            reasons(ddos.reasons());
        } else {
            text.format("         too few to judge (min_events: %d); the model would say:%n", ddos.minEvents());
        }
        trace(ddos.trace());
    }

    private void scanner(Explanation.Scanner scanner) {
        text.format("%n");
        text.format(
                "scanner  %s  (%s, %s, score %.4f)%n",
                scanner.decision(), scanner.mode(), scanner.path(), scanner.score());
        reasons(scanner.reasons());
        for (var rule : scanner.shortCircuits()) {
            text.format(
                    "         %s: %s, %s%n",
                    rule.name(), rule.enabled() ? "on" : "off", rule.fulfilled() ? "fulfilled" : "not fulfilled");
        }
        for (var finding : scanner.findings()) {
            text.format(
                    "         %s in %s: %s  (%d)%n",
                    finding.channel(), where(finding), Printable.of(finding.segment()), finding.score());
        }
        if (!scanner.edit().isEmpty()) {
            text.format(
                    "         would pass without %s%n",
                    scanner.edit().stream().map(ExplanationText::where).collect(Collectors.joining(", ")));
            for (var finding : scanner.edit()) {
                text.format("         to except it: { place = %s%s }%n", finding.place(), exceptedName(finding));
            }
        } else if (scanner.mode().equals("lexicon") && scanner.decision().equals("block")) {
            text.format("         no value can be left out so that it passes: what is odd is how it is written%n");
        }
        trace(scanner.trace());
    }

    private static String where(Explanation.Finding finding) {
        return finding.name().isEmpty()
                ? finding.place()
                : finding.place() + " \"" + Printable.of(finding.name()) + '"';
    }

    private static String exceptedName(Explanation.Finding finding) {
        return finding.name().isEmpty() ? "" : ", name = \"" + Printable.of(finding.name()) + '"';
    }

    private void reasons(List<String> reasons) {
        if (!reasons.isEmpty()) {
            text.format("         because of %s%n", String.join(", ", reasons));
        }
    }

    private void trace(Explanation.Trace trace) {
        text.format("  model %s, sha256 %s%n", trace.model(), trace.sha256());
        text.format("    %-26s %24s %10s%n", "feature", "value", "level");
        for (var value : trace.features()) {
            text.format(
                    "    %-26s %24s %10s%n",
                    value.feature(), Quantity.text(value.raw(), value.unit()), value.level() + "/" + value.levels());
        }
        text.format("  tree%n");
        for (var step : trace.splits()) {
            if (step.cut() == null) {
                text.format("    %s has no higher level: left%n", step.feature());
            } else {
                text.format(
                        "    %s is %s, %s %s: %s%n",
                        step.feature(),
                        Quantity.text(step.raw(), step.unit()),
                        step.raw() < step.cut() ? "below" : "not below",
                        Quantity.text(step.cut(), step.unit()),
                        step.branch());
            }
        }
        text.format("    leaf: %s%n", trace.leaf());
        var perceptron = trace.perceptron();
        text.format("  perceptron%s%n", perceptron.asked() ? "" : " (not asked, for the tree decides)");
        text.format(
                "    logit %d, %s %d; probability %.4f, threshold %s%n",
                perceptron.logit(),
                perceptron.logit() >= perceptron.blockAt() ? "not below" : "below",
                perceptron.blockAt(),
                perceptron.probability(),
                perceptron.threshold());
    }
}
