package fxcore.provider;

import quickfix.Application;
import quickfix.Message;
import quickfix.SessionID;
import quickfix.field.MsgType;
import quickfix.field.Password;
import quickfix.field.ResetSeqNumFlag;
import quickfix.field.Username;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The application between the engine and the flows: logs on, hands answers to the book, waits for the end. */
final class Provider implements Application {
    private static final long BUSY_DELAY_MILLIS = 500;

    private final Options options;
    private final Book book;
    private final Ledger ledger;
    private final List<Flow> flows;
    private final Map<String, Flow> byProvider;
    private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
    private final Set<String> fresh = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();

    Provider(Options options, Book book, List<Flow> flows, Ledger ledger) {
        this.options = options;
        this.book = book;
        this.ledger = ledger;
        this.flows = flows;
        this.byProvider = flows.stream().collect(Collectors.toMap(f -> f.provider, Function.identity()));
        if (!options.resume()) {
            fresh.addAll(options.sessions());
        }
    }

    /** Sends all and waits for the answers; false when the time ran out first. */
    boolean drive() throws InterruptedException {
        List<Thread> senders = new ArrayList<>();
        for (Flow flow : flows) {
            Thread sender = new Thread(flow::run, "flow " + flow.provider);
            sender.start();
            senders.add(sender);
        }
        long deadline = System.nanoTime() + options.timeout().toNanos();
        while (book.answered() < options.count() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        senders.forEach(Thread::interrupt);
        later.shutdownNow();
        return book.answered() >= options.count();
    }

    @Override
    public void toAdmin(Message m, SessionID id) {
        if (!Messages.type(m).equals(MsgType.LOGON)) {
            return;
        }
        String user = id.getSenderCompID().toLowerCase(Locale.ROOT);
        m.setString(Username.FIELD, user);
        m.setString(Password.FIELD, user + "-demo");
        if (fresh.contains(id.getSenderCompID())) { // until one is answered; nothing else was sent before
            m.setBoolean(ResetSeqNumFlag.FIELD, true);
        }
    }

    @Override
    public void fromApp(Message m, SessionID id) {
        answered(Answer.of(id.getSenderCompID(), m));
    }

    @Override
    public void fromAdmin(Message m, SessionID id) {
        if (Messages.type(m).equals(MsgType.REJECT)) {
            answered(Answer.of(id.getSenderCompID(), m));
        }
    }

    private void answered(Answer a) {
        Request r = book.received(a);
        if (r != null) {
            byProvider.get(r.session()).settled(r, a);
            return;
        }
        Request again = book.request(a.reference());
        if (a.state().equals("busy") && again != null) {
            int attempt = attempts.computeIfAbsent(a.reference(), ref -> new AtomicInteger(1)).incrementAndGet();
            later.schedule(() -> byProvider.get(again.session()).send(again, attempt), BUSY_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void onCreate(SessionID id) {
    }

    @Override
    public void onLogon(SessionID id) {
        fresh.remove(id.getSenderCompID());
        byProvider.get(id.getSenderCompID()).ready();
        ledger.session(id.getSenderCompID(), "logon");
    }

    @Override
    public void onLogout(SessionID id) {
        ledger.session(id.getSenderCompID(), "logout");
    }

    @Override
    public void toApp(Message m, SessionID id) {
    }
}
