package fxcore.provider;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Pairs and their mids, from JSON ({"EUR/USD": "1.0843"}) or CSV (EUR/USD,1.0843). */
record Rates(List<Rate> all) {
    record Rate(String pair, BigDecimal mid) {
        String base() {
            return pair.substring(0, 3);
        }

        String quote() {
            return pair.substring(4);
        }
    }

    private static final Pattern ENTRY = Pattern.compile("([A-Z]{3}/[A-Z]{3})\"?\\s*[:,;]\\s*\"?([0-9]+(?:\\.[0-9]+)?)");

    static Rates read(Path file) throws IOException {
        List<Rate> all = new ArrayList<>();
        Matcher entry = ENTRY.matcher(Files.readString(file));
        while (entry.find()) {
            all.add(new Rate(entry.group(1), new BigDecimal(entry.group(2))));
        }
        if (all.isEmpty()) {
            throw new IOException(file + " holds no rate; a line reads \"EUR/USD\": \"1.0843\" or EUR/USD,1.0843");
        }
        return new Rates(List.copyOf(all));
    }

    Rate at(int i) {
        return all.get(i % all.size());
    }
}
