package fxcore.provider;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The record of the run: one JSON object a line, flushed line by line, so that a killed run leaves what it knew. */
final class Ledger implements AutoCloseable {
    private final BufferedWriter out;
    private boolean closed;

    Ledger(Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        out = Files.newBufferedWriter(file);
    }

    void sent(Request r, int attempt) {
        write("sent", "session", r.session(), "ref", r.reference(), "form", r.form(), "product", r.product(),
                "action", r.action(), "target", r.target(), "client", r.client(), "pair", r.rate().pair(),
                "currency", r.currency(), "side", r.buy() ? "buy" : "sell", "amount", r.amount().toPlainString(),
                "rate", r.price().toPlainString(), "attempt", Integer.toString(attempt));
    }

    void received(Answer a) {
        write("received", "session", a.session(), "ref", a.reference(), "form", a.form(), "state", a.state(),
                "id", a.id(), "exec_id", a.execId(), "reason", a.reason(), "text", a.text(), "seq", a.sequence(),
                "poss_dup", a.possDup() ? "Y" : "N");
    }

    void session(String session, String what) {
        write("session", "session", session, "what", what);
    }

    private synchronized void write(String type, String... pairs) {
        if (closed) {
            return;
        }
        StringBuilder line = new StringBuilder("{\"type\":\"").append(type).append("\",\"time\":\"").append(Instant.now()).append('"');
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                line.append(",\"").append(pairs[i]).append("\":").append(quoted(pairs[i + 1]));
            }
        }
        try {
            out.append(line).append("}\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("write the record of the run", e);
        }
    }

    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        out.close();
    }
}
