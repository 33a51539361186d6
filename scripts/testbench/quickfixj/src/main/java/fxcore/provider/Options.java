package fxcore.provider;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the command line says: --name=value. Every option has a default but --rates. */
record Options(String host, int port, List<String> sessions, int count, int window, Path rates, Path out, Path store,
               Path dictionaries, List<String> clients, String farDate, Duration timeout, Duration linger,
               boolean resume, boolean verbose) {

    private static final Set<String> NAMES = Set.of("host", "port", "sessions", "count", "window", "rates", "out",
            "store", "dictionaries", "clients", "far-date", "timeout", "linger", "resume", "verbose");

    static Options parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            String name = pair[0].replaceFirst("^--", "");
            if (!arg.startsWith("--") || !NAMES.contains(name)) {
                throw new IllegalArgumentException("unknown option " + arg + "; the options are --" + String.join(", --", NAMES));
            }
            given.put(name, pair.length == 2 ? pair[1] : "true");
        }
        if (!given.containsKey("rates")) {
            throw new IllegalArgumentException("--rates=FILE is missing: lines or JSON of pair and mid, \"EUR/USD\": \"1.0843\"");
        }
        return from(given);
    }

    private static Options from(Map<String, String> given) {
        return new Options(
                given.getOrDefault("host", "127.0.0.1"),
                Integer.parseInt(given.getOrDefault("port", "9878")),
                List.of(given.getOrDefault("sessions", "TEST1,TEST2,TEST3,TEST4").split(",")),
                Integer.parseInt(given.getOrDefault("count", "10000")),
                Integer.parseInt(given.getOrDefault("window", "50")),
                Path.of(given.get("rates")),
                Path.of(given.getOrDefault("out", "quickfixj.jsonl")),
                Path.of(given.getOrDefault("store", "quickfixj-store")),
                Path.of(given.getOrDefault("dictionaries", "gateways/fix/internal/dialect/dictionary")),
                List.of(given.getOrDefault("clients", "C000001,C000002,C000003,C000004,C000005").split(",")),
                given.getOrDefault("far-date", ""),
                Duration.ofSeconds(Long.parseLong(given.getOrDefault("timeout", "300"))),
                Duration.ofSeconds(Long.parseLong(given.getOrDefault("linger", "2"))),
                Boolean.parseBoolean(given.getOrDefault("resume", "false")),
                Boolean.parseBoolean(given.getOrDefault("verbose", "false")));
    }

    /** The demo providers' versions: TEST with an even number speaks 5.0SP2, one with an odd number 4.4. */
    static boolean speaks44(String provider) {
        char last = provider.charAt(provider.length() - 1);
        return provider.endsWith("44") || (!provider.endsWith("50") && (last - '0') % 2 == 1);
    }
}
