package pt.sunbeam.proxy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import pt.sunbeam.config.ConfigPaths;
import pt.sunbeam.config.ConfigReader;
import pt.sunbeam.config.SunbeamConfig.Admin;

/** How a command reaches a running proxy: by its configuration file, or by what it is told. */
final class AdminOptions {
    static final String TOKEN_VARIABLE = "SUNBEAM_ADMIN_TOKEN";

    private static final String USUAL = "127.0.0.1:9091";
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):\\d{1,5}");
    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final ObjectMapper json = new ObjectMapper();

    private final Map<String, String> environment;

    @Option(
            names = "--config",
            paramLabel = "PATH",
            description = "The proxy's configuration, which names its admin listener (default: as for serve).")
    private @Nullable Path config;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "The proxy's admin listener, in place of what a configuration says.")
    private @Nullable String address;

    @Option(names = "--json", description = "Prints the answer as it comes.")
    private boolean raw;

    @Spec(Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    AdminOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    private record Door(String address, @Nullable String token) {}

    /**
     * Asks, and prints the answer; the exit code.
     *
     * @param body JSON, or null for GET
     * @param print an answer for a person
     */
    int ask(String path, @Nullable String body, BiConsumer<JsonNode, PrintWriter> print) {
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        Door door = door(err);
        HttpResponse<String> response;
        try {
            response = send(door, path, body);
        } catch (IOException unreachable) {
            err.printf("sunbeam: no answer from the admin listener at %s: %s%n", door.address, words(unreachable));
            return ExitCode.SOFTWARE;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return ExitCode.SOFTWARE;
        }
        if (raw) {
            out.print(response.body());
            out.flush();
        }
        return answered(response, raw ? (_, _) -> {} : print, out, err);
    }

    private static int answered(
            HttpResponse<String> response, BiConsumer<JsonNode, PrintWriter> print, PrintWriter out, PrintWriter err) {
        JsonNode answer;
        try {
            answer = json.readTree(response.body());
        } catch (JsonProcessingException malformed) {
            err.printf("sunbeam: an answer that is no JSON, status %d%n", response.statusCode());
            return ExitCode.SOFTWARE;
        }
        if (response.statusCode() == 200) {
            print.accept(answer, out);
            out.flush();
            return ExitCode.OK;
        }
        answer.path("faults").forEach(fault -> err.println(fault.asText()));
        err.printf(
                "sunbeam: %s (%d)%n",
                answer.path("detail").asText(answer.path("title").asText("refused")), response.statusCode());
        if (response.statusCode() == 401) {
            err.printf("sunbeam: the token is taken from the configuration or from %s%n", TOKEN_VARIABLE);
        }
        // what the proxy was given is wrong, or something else is
        return response.statusCode() == 400 || response.statusCode() == 422 ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }

    private static HttpResponse<String> send(Door door, String path, @Nullable String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + door.address + path))
                .timeout(WITHIN)
                .method(
                        body == null ? "GET" : "POST",
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (door.token != null) {
            request.header("Authorization", "Bearer " + door.token);
        }
        try (var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private Door door(PrintWriter err) {
        if (address != null && !ADDRESS.matcher(address).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--admin': found %s (expected: host:port)".formatted(address));
        }
        Admin admin = configured(err);
        String token = environment.getOrDefault(TOKEN_VARIABLE, "");
        String known = !token.isEmpty() ? token : admin == null ? null : admin.token();
        if (address != null) {
            return new Door(address, known);
        }
        return new Door(admin == null ? USUAL : reachable(admin), known);
    }

    /** What the configuration says of the admin listener, or null. */
    private @Nullable Admin configured(PrintWriter err) {
        var found = ConfigPaths.find(config, environment, Files::exists);
        if (!(found instanceof ConfigPaths.Found(var file))) {
            return null;
        }
        return switch (ConfigReader.read(file, environment)) {
            case ConfigReader.Loaded(var loaded) -> loaded.admin();
            case ConfigReader.Rejected _ -> {
                if (address == null) {
                    err.printf("sunbeam: %s has faults; asking the admin listener at %s%n", file, USUAL);
                }
                yield null;
            }
        };
    }

    /** A listener on all addresses is on this machine's own too. */
    private static String reachable(Admin admin) {
        return switch (admin.listen().host()) {
            case "0.0.0.0" -> "127.0.0.1:" + admin.listen().port();
            case "::" -> "[::1]:" + admin.listen().port();
            default -> admin.listen().toString();
        };
    }

    private static String words(IOException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : String.valueOf(failure.getMessage());
    }
}
