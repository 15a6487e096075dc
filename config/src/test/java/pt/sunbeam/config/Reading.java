package pt.sunbeam.config;

import java.util.List;
import java.util.stream.Collectors;

/** What the tests ask of an outcome. */
final class Reading {
    static SunbeamConfig loaded(ConfigReader.Outcome outcome) {
        return switch (outcome) {
            case ConfigReader.Loaded(var config) -> config;
            case ConfigReader.Rejected(var faults) ->
                throw new AssertionError(faults.stream().collect(Collectors.joining("\n", "rejected:\n", "")));
        };
    }

    static List<String> faults(ConfigReader.Outcome outcome) {
        return switch (outcome) {
            case ConfigReader.Loaded(var config) -> throw new AssertionError("loaded: " + config);
            case ConfigReader.Rejected(var faults) -> faults;
        };
    }

    /** HOCON with the one required key in its first line. */
    static ConfigReader.Outcome hocon(String more) {
        return ConfigReader.readText("s.conf", "listen.http = \"127.0.0.1:8080\"\n" + more);
    }

    static ConfigReader.Outcome toml(String text) {
        return ConfigReader.readText("s.toml", text);
    }

    private Reading() {}
}
