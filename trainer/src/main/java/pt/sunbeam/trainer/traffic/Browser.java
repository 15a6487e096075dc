package pt.sunbeam.trainer.traffic;

import java.util.List;
import java.util.random.RandomGenerator;

/** A browser by what it says of itself; agents are those of browsers of 2025. */
record Browser(String agent, String languages) {
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0");
    private static final List<String> LANGUAGES = List.of(
            "en-US,en;q=0.9", "en-GB,en;q=0.5", "pt-PT,pt;q=0.9,en;q=0.8", "de,en-US;q=0.7,en;q=0.3", "fr-FR,fr;q=0.9");

    static Browser draw(RandomGenerator random) {
        return new Browser(AGENTS.get(random.nextInt(AGENTS.size())), LANGUAGES.get(random.nextInt(LANGUAGES.size())));
    }

    /** The fields of a request for a page, or for what a page is made of. */
    List<String> fields(boolean page) {
        return List.of(
                "Connection: keep-alive",
                "User-Agent: " + agent,
                "Accept: " + (page ? "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" : "*/*"),
                "Accept-Language: " + languages,
                "Accept-Encoding: gzip, deflate",
                page ? "Upgrade-Insecure-Requests: 1" : "Priority: u=2");
    }
}
