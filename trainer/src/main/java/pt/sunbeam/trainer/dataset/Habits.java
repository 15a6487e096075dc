package pt.sunbeam.trainer.dataset;

import java.util.random.RandomGenerator;

/**
 * What access logs do not tell of a client, drawn from one distribution for both labels, so that it says nothing about them.
 *
 * @param cookies share of requests with cookies, in [0, 1]
 * @param languages share of requests with Accept-Language, in [0, 1]
 * @param duration median duration of an answer, milliseconds
 */
record Habits(double cookies, double languages, double duration) {
    static Habits draw(RandomGenerator random) {
        return new Habits(share(random), share(random), Math.exp(Math.log(40) + random.nextGaussian()));
    }

    boolean sendsCookies(RandomGenerator random) {
        return random.nextDouble() < cookies;
    }

    boolean sendsLanguages(RandomGenerator random) {
        return random.nextDouble() < languages;
    }

    int duration(RandomGenerator random) {
        return (int) Math.clamp(duration * Math.exp(0.7 * random.nextGaussian()), 1, 60_000);
    }

    /** Bytes of a request body; 0 for methods without one. */
    static int contentLength(String method, RandomGenerator random) {
        return switch (method) {
            case "POST", "PUT", "PATCH" ->
                (int) Math.clamp(Math.exp(Math.log(300) + 1.2 * random.nextGaussian()), 1, 10_000_000);
            default -> 0;
        };
    }

    /** All, none, or something between. */
    private static double share(RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> random.nextDouble();
        };
    }
}
