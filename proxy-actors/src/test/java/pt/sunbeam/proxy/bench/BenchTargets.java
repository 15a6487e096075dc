package pt.sunbeam.proxy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import pt.sunbeam.proxy.demo.DemoSite;

/**
 * What the scripts in {@code bench} start, and how they count: {@code shop PORT}, {@code site FILE} (which gets its port; {@code @FILE} stands for it), {@code record PORT TO LOG}, {@code report FOLDER}; several
 * in one process, separated by {@code ,}. All but {@code report} run until the process is stopped; {@code ready FILE} makes a file once all before it run.
 */
public final class BenchTargets {
    private BenchTargets() {}

    public static void main(String... args) throws IOException, SQLException, InterruptedException {
        boolean stays = false;
        for (var command : String.join(" ", args).split(",", -1)) {
            stays |= run(List.of(command.strip().split(" ", -1)));
        }
        if (stays) {
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    /** Returns whether something runs on. */
    private static boolean run(List<String> words) throws IOException, SQLException {
        switch (words.getFirst()) {
            case "shop" -> VulnerableShop.start(port(words.get(1)));
            case "site" -> Files.writeString(Path.of(words.get(1)), Integer.toString(DemoSite.start()));
            case "record" -> Recorder.start(port(words.get(1)), port(words.get(2)), Path.of(words.get(3)));
            case "ready" -> Files.createFile(Path.of(words.get(1)));
            case "report" -> System.out.println(ToolReport.of(Path.of(words.get(1))));
            default ->
                throw new IllegalArgumentException(
                        "found " + words.getFirst() + " (expected: shop, site, record, ready, report)");
        }
        return !words.getFirst().equals("report");
    }

    private static int port(String text) throws IOException {
        return Integer.parseInt(text.startsWith("@") ? Files.readString(Path.of(text.substring(1))) : text);
    }
}
