package pt.sunbeam.trainer.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules of thumb about the clients of access logs ({@code client_summary.tsv}): no ground truth. */
public final class ClientTags {
    private static final List<String> COLUMNS =
            List.of("log", "client", "requests", "share_4xx", "attack_like_requests", "login_requests", "tag");

    /** A row of the table; {@code clientErrors} in [0, 1]. */
    public record Client(int requests, double clientErrors, int attackLike, int logins, String tag) {}

    private final Map<String, Client> clients;

    private ClientTags(Map<String, Client> clients) {
        this.clients = clients;
    }

    public static ClientTags none() {
        return new ClientTags(Map.of());
    }

    /** Reads a table with a heading; columns are found by name. */
    public static ClientTags read(DataFile file) throws IOException {
        var clients = new HashMap<String, Client>();
        try (var in = file.lines(StandardCharsets.ISO_8859_1)) {
            String text = in.readLine();
            var heading = text == null ? List.<String>of() : List.of(text.split("\t", -1));
            var at = COLUMNS.stream().mapToInt(heading::indexOf).toArray();
            for (int i = 0; i < at.length; i++) {
                if (at[i] < 0) {
                    throw new DataException(file.path(), 1, "no column " + COLUMNS.get(i));
                }
            }
            long line = 1;
            for (text = in.readLine(); text != null; text = in.readLine()) {
                line++;
                var cells = text.split("\t", -1);
                try {
                    clients.put(
                            key(cells[at[0]], cells[at[1]]),
                            new Client(
                                    Integer.parseInt(cells[at[2]]),
                                    Double.parseDouble(cells[at[3]]),
                                    Integer.parseInt(cells[at[4]]),
                                    Integer.parseInt(cells[at[5]]),
                                    cells[at[6]]));
                } catch (NumberFormatException | ArrayIndexOutOfBoundsException broken) {
                    var fault = new DataException(file.path(), line, "broken row: " + broken.getMessage());
                    fault.initCause(broken);
                    throw fault;
                }
            }
        }
        return new ClientTags(clients);
    }

    /** What is said about a client of a log, or null. */
    public @Nullable Client of(String log, String client) {
        return clients.get(key(log, client));
    }

    private static String key(String log, String client) {
        return log + '\t' + client;
    }
}
