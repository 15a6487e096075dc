package pt.sunbeam.trainer.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import pt.sunbeam.trainer.traffic.People;

/** {@code generate-people}: people who browse, to be recorded beside floods. */
@Command(
        name = "generate-people",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = {
            "Lets people browse a site on this machine: pages with their parts, Referer, cookies, copies, pauses.",
            "They begin at the URL's page. With fewer addresses than visitors several share one, as behind NAT."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:no request was answered", "2:bad options, or a server on another machine"})
public final class GeneratePeopleCommand implements Callable<Integer> {
    @Mixin
    private final TrafficOptions traffic = new TrafficOptions();

    @Option(names = "--visitors", defaultValue = "20", paramLabel = "N", description = "people, 1 to 10000")
    private int visitors;

    @Option(
            names = "--think",
            defaultValue = "10",
            paramLabel = "S",
            description = "seconds between two pages, the median; log-normal, two thirds within a factor of 2.7")
    private double think;

    @SuppressWarnings("NullAway.Init") // picocli fills options in
    public GeneratePeopleCommand() {}

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        traffic.require(visitors >= 1 && visitors <= 10_000, "--visitors", visitors, "1 to 10000");
        traffic.require(think > 0 && think <= 60, "--think", think, "above 0, at most 60");
        return traffic.report(new People(
                        traffic.target(),
                        traffic.sources(),
                        traffic.host(),
                        visitors,
                        Duration.ofMillis(Math.round(think * 1_000)),
                        traffic.length(),
                        traffic.seed())
                .run());
    }
}
