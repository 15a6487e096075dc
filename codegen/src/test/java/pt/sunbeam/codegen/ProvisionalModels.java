package pt.sunbeam.codegen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import pt.sunbeam.codegen.Model.Ensemble;
import pt.sunbeam.codegen.Model.HiddenUnit;
import pt.sunbeam.codegen.Model.Mlp;
import pt.sunbeam.codegen.Model.Tree;

/** Models written by hand, committed until trained ones take their place. {@code main(ROOT)} emits them. */
final class ProvisionalModels {
    private static final Node ALLOW = new Node.Leaf(Verdict.ALLOW);
    private static final Node DEFER = new Node.Leaf(Verdict.DEFER);
    private static final Node BLOCK = new Node.Leaf(Verdict.BLOCK);

    static Ensemble scanner() {
        var features = List.of(
                feature("suspicious_path_score", "1/1000", 1, 200, 400, 700, 1000),
                feature("path_depth", "segments", 1, 2, 3, 4, 5, 6, 8, 10, 15, 20),
                feature("has_suspicious_extension", "0 or 1", 1),
                feature("has_cookies", "0 or 1", 1),
                feature("has_referer", "0 or 1", 1),
                feature("has_accept_language", "0 or 1", 1),
                feature("accept_quality", "0 or 1", 1),
                feature("ua_category", "1/4", 1, 2, 4),
                feature("method_is_unusual", "0 or 1", 1),
                feature("host_is_configured", "0 or 1", 1),
                feature("content_length_mismatch", "0 or 1", 1),
                feature("path_has_traversal", "0 or 1", 1));
        var tree = new Tree(List.of(
                split(11, 0, 1, 10),
                split(2, 0, 2, 9),
                split(0, 0, 3, 6),
                split(8, 0, 4, 5),
                ALLOW,
                DEFER,
                split(0, 2, 7, 8),
                DEFER,
                BLOCK,
                BLOCK,
                BLOCK));
        var hidden = List.of(
                unit(0, 2, 40, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 100),
                unit(0, 1, 0, 2, 0, 0, 0, 0, 0, -10, 30, 0, 30, 0),
                unit(0, -1, 0, 0, 0, 20, 10, 20, 10, 10, 0, 20, 0, 0));
        return new Ensemble("scanner-baseline", features, tree, new Mlp(hidden, 0, 0), 60, 20);
    }

    static Ensemble ddos() {
        var ratio = new int[] {1_000, 2_500, 5_000, 7_500, 9_000, 10_000};
        var features = List.of(
                feature("request_rate", "1/1000 requests a second", 500, 1_000, 2_000, 3_000, 5_000, 8_000, 12_000),
                feature("unique_paths", "paths", 1, 2, 3, 5, 10, 20, 50, 100, 200),
                feature("unique_hosts", "hosts", 1, 2, 3, 5, 10),
                feature("error_rate", "1/10000", ratio),
                feature("avg_duration_ms", "ms", 1, 5, 20, 50, 100, 200, 500, 1_000, 5_000),
                feature("method_entropy", "1/10000 nat", 1_000, 3_000, 6_000, 10_000),
                feature("burst_score", "1/1000 requests a second", 1_000, 5_000, 10_000, 20_000, 50_000, 100_000),
                feature("path_repetition", "1/10000", ratio),
                feature("avg_content_length", "bytes", 1, 100, 1_000, 10_000, 100_000),
                feature("unique_user_agents", "agents", 1, 2, 3, 5, 10, 20),
                feature("cookie_ratio", "1/10000", ratio),
                feature("referer_ratio", "1/10000", ratio),
                feature("accept_language_ratio", "1/10000", ratio),
                feature("suspicious_path_ratio", "1/10000", ratio));
        // Below 2 requests a second over the window all is well; from 5, with a burst of 20 a second, nothing is.
        var tree = new Tree(List.of(
                split(0, 2, 1, 2),
                ALLOW,
                split(6, 1, 3, 4),
                ALLOW,
                split(0, 4, 5, 6),
                DEFER,
                split(6, 3, 7, 8),
                DEFER,
                BLOCK));
        var hidden = List.of(
                unit(-20, 1, 8, 0, 0, 4, 0, 0, 8, 4, 0, 0, 0, 0, 0, 6),
                unit(0, -1, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 6, 6, 4, 0));
        return new Ensemble("ddos-baseline", features, tree, new Mlp(hidden, 0, 0), 20, 10);
    }

    private static Feature feature(String name, String unit, int... cuts) {
        return new Feature(name, unit, Arrays.stream(cuts).boxed().toList());
    }

    private static Node split(int feature, int threshold, int left, int right) {
        return new Node.Split(feature, threshold, left, right);
    }

    private static HiddenUnit unit(int bias, int output, int... weights) {
        return new HiddenUnit(bias, IntStream.of(weights).boxed().toList(), output);
    }

    public static void main(String... args) throws IOException {
        Codegen.emit(scanner(), Path.of(args[0]));
        Codegen.emit(ddos(), Path.of(args[0]));
    }

    private ProvisionalModels() {}
}
