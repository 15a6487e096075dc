package pt.sunbeam.trainer.dataset;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pt.sunbeam.detector.audit.AccessLine;
import pt.sunbeam.trainer.read.AccessLogReader;
import pt.sunbeam.trainer.read.Account;

/** A public access log as exchanges, with recorded campaigns laid over it where its clients are benign. */
final class OverlaidLog {
    /**
     * Who sends.
     *
     * @param laid the campaign that it is part of, or null for a client of the log
     */
    record Sender(String address, ClientRule.Label label, Overlay.@Nullable Laid laid) {}

    /** Takes what is sent, in the order of the log; {@code id} rises with each request of a sender. */
    @FunctionalInterface
    interface Sink {
        void take(Sender sender, Exchange exchange, long id);
    }

    private final AccessLogs.Log log;
    private final ClientRule rule;
    private final List<Campaign> campaigns;
    private final long seed;
    private long lines;

    OverlaidLog(AccessLogs.Log log, ClientRule rule, Recordings recordings, long seed) {
        this.log = log;
        this.rule = rule;
        this.campaigns = ClientRule.BENIGN_LOGS.contains(log.name()) ? recordings.campaigns() : List.of();
        this.seed = seed;
    }

    Account read(Sink sink) throws IOException {
        var overlay = new Overlay(
                campaigns,
                log.name(),
                seed,
                (laid, client, exchange, id) -> sink.take(
                        new Sender(
                                client,
                                laid.campaign().attack() ? ClientRule.Label.HOSTILE : ClientRule.Label.BENIGN,
                                laid),
                        exchange,
                        id));
        return AccessLogReader.read(log.file(), line -> take(line, overlay, sink));
    }

    private void take(AccessLine line, Overlay overlay, Sink sink) {
        var exchange = LoggedExchange.of(line, ++lines, seed);
        overlay.at(exchange.millis(), exchange.host());
        sink.take(new Sender(line.client(), rule.of(log.name(), line.client()), null), exchange, lines);
    }
}
