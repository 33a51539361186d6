package fxcore.provider;

import quickfix.ConfigError;
import quickfix.DefaultMessageFactory;
import quickfix.FileStoreFactory;
import quickfix.SocketInitiator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A FIX provider on QuickFIX/J: opens its sessions, sends trades, reports and line checks, pipelined, and records what it
 * sent and what it was answered. It ends with 0 if every request was finally answered exactly once, with 1 if one was
 * not, with 2 if it could not begin.
 */
public final class Main {
    private Main() {
    }

    public static void main(String[] args) throws Exception {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(run(options) ? 0 : 1);
    }

    private static boolean run(Options options) throws IOException, ConfigError, InterruptedException {
        if (!options.resume()) {
            forget(options.store());
        }
        Rates rates = Rates.read(options.rates());
        try (Ledger ledger = new Ledger(options.out())) {
            Book book = new Book(ledger);
            List<Flow> flows = flows(options, rates, book);
            Provider provider = new Provider(options, book, flows, ledger);
            SocketInitiator engine = new SocketInitiator(provider, new FileStoreFactory(Sessions.settings(options)),
                    Sessions.settings(options), new EventLog.Factory(options.verbose()), new DefaultMessageFactory());
            engine.start();
            long began = System.nanoTime();
            boolean finished = provider.drive();
            double seconds = (System.nanoTime() - began) / 1e9;
            Thread.sleep(options.linger().toMillis()); // a second final answer may still come
            engine.stop();
            return book.summary(finished, seconds);
        }
    }

    /** The requests are dealt out evenly; the first sessions take what is left over. */
    private static List<Flow> flows(Options options, Rates rates, Book book) {
        List<Flow> flows = new ArrayList<>();
        int sessions = options.sessions().size();
        for (int i = 0; i < sessions; i++) {
            int share = options.count() / sessions + (i < options.count() % sessions ? 1 : 0);
            flows.add(new Flow(options.sessions().get(i), share, options, rates, book));
        }
        return flows;
    }

    /** A run that does not resume begins with sequence number 1 on both sides: no store, and ResetSeqNumFlag. */
    private static void forget(Path store) throws IOException {
        if (!Files.exists(store)) {
            return;
        }
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
