package fxcore.provider;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pairs and their mids, from JSON ({"EUR/USD": "1.0843", "EUR/USD forward": "1.0845", "EUR/USD far": "1.0860"}) or CSV
 * (EUR/USD,1.0843). Without a rate for the forward tenor or the far date, that of spot is used.
 */
record Rates(List<Rate> all) {
    record Rate(String pair, BigDecimal mid, BigDecimal forward, BigDecimal far) {
        String base() {
            return pair.substring(0, 3);
        }

        String quote() {
            return pair.substring(4);
        }
    }

    private static final Pattern ENTRY =
            Pattern.compile("([A-Z]{3}/[A-Z]{3}(?: forward| far)?)\"?\\s*[:,;]\\s*\"?([0-9]+(?:\\.[0-9]+)?)");

    static Rates read(Path file) throws IOException {
        Map<String, BigDecimal> given = new LinkedHashMap<>();
        Matcher entry = ENTRY.matcher(Files.readString(file));
        while (entry.find()) {
            given.put(entry.group(1), new BigDecimal(entry.group(2)));
        }
        List<Rate> all = new ArrayList<>();
        given.forEach((pair, mid) -> {
            if (!pair.contains(" ")) {
                all.add(new Rate(pair, mid, given.getOrDefault(pair + " forward", mid), given.getOrDefault(pair + " far", mid)));
            }
        });
        if (all.isEmpty()) {
            throw new IOException(file + " holds no rate; a line reads \"EUR/USD\": \"1.0843\" or EUR/USD,1.0843");
        }
        return new Rates(List.copyOf(all));
    }

    Rate at(int i) {
        return all.get(i % all.size());
    }
}
