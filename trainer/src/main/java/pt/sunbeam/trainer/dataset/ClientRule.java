package pt.sunbeam.trainer.dataset;

import java.util.Set;
import pt.sunbeam.trainer.read.ClientTags;

/**
 * Which clients of the public access logs count as benign and which as hostile, made before any training, from the table of rules of thumb that comes with the logs.
 *
 * <p>Benign: every client of the two large logs that no such rule calls hostile; so monitors, crawlers and headless browsers are benign. Hostile: all of the
 * scanners' own logs, and whoever is tagged as probing, as a scanner's user agent or as guessing log-ins, where that is borne out: at least 5 requests that look like attacks,
 * and a fifth of all or errors for half of all; or 100 log-ins. What lies between is unclear, and used for nothing.
 */
public final class ClientRule {
    static final Set<String> BENIGN_LOGS = Set.of("bp-gov-website", "sticker-app-api");
    static final Set<String> SCANNER_LOGS = Set.of("scanner-acunetix", "scanner-netsparker");
    static final Set<String> OTHER_LOGS = Set.of(
            "almhuette-joomla",
            "elastic-apache-sample",
            "geolynx-tracker",
            "geolynx-tracker-vhosts",
            "globalreport-news",
            "small-vps-2024",
            "small-vps-2024-vhosts");
    private static final Set<String> HOSTILE_TAGS = Set.of("probing", "scanner-tool-ua", "login-bruteforce");

    /** What is thought of a client. */
    public enum Label {
        BENIGN,
        HOSTILE,
        UNCLEAR
    }

    private final ClientTags tags;

    public ClientRule(ClientTags tags) {
        this.tags = tags;
    }

    /** What is thought of a client of a log. */
    public Label of(String log, String client) {
        if (SCANNER_LOGS.contains(log)) {
            return Label.HOSTILE;
        }
        var about = tags.of(log, client);
        if (about == null || !HOSTILE_TAGS.contains(about.tag())) {
            return BENIGN_LOGS.contains(log) ? Label.BENIGN : Label.UNCLEAR;
        }
        boolean borneOut = (about.attackLike() >= 5
                        && (about.attackLike() >= 0.2 * about.requests() || about.clientErrors() >= 0.5))
                || about.logins() >= 100;
        return borneOut ? Label.HOSTILE : Label.UNCLEAR;
    }
}
