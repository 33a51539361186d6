package fxcore.provider;

import quickfix.Message;
import quickfix.Session;
import quickfix.SessionID;
import quickfix.SessionNotFound;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * One session's requests: at most a window of them unanswered, reservations followed by what ends them. While the
 * session is down, the engine stores what is sent, and the core asks for it at the next logon.
 */
final class Flow {
    private static final int MAX_ATTEMPTS = 100;

    final String provider;
    private final SessionID session;
    private final int share;
    private final Mix mix;
    private final Messages messages;
    private final Book book;
    private final Semaphore window;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Queue<Request> toFollow = new ArrayDeque<>();
    private int number;
    private int promised; // follow-ups that reservations still unanswered will need

    Flow(String provider, int share, Options options, Rates rates, Book book) {
        this.provider = provider;
        this.session = Sessions.id(provider);
        this.share = share;
        this.mix = new Mix(provider, options, rates);
        this.messages = new Messages(options.farDate());
        this.book = book;
        this.window = new Semaphore(options.window());
    }

    /** The session has logged on for the first time; what was sent before would be lost by its reset. */
    void ready() {
        ready.countDown();
    }

    /** Sends until the share is used up, waiting for the window; returns when all was sent or the thread interrupted. */
    void run() {
        try {
            ready.await();
            while (!finished()) {
                window.acquire();
                Request next = next();
                if (next != null) {
                    send(next, 1);
                } else {
                    window.release();
                    Thread.sleep(1); // the rest of the share is for reservations that are still being decided
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean finished() {
        return number >= share;
    }

    /** The next request, or null if all that is left of the share is promised to reservations. */
    private synchronized Request next() {
        Request reserved = toFollow.poll();
        if (reserved != null) {
            return mix.follow(number++, reserved);
        }
        int left = share - number - toFollow.size() - promised;
        if (left <= 0) {
            return null;
        }
        Request r = mix.next(number);
        if (r.reserves() && left < 2) {
            r = mix.plain(number); // no room for what would end the reservation
        }
        if (r.reserves()) {
            promised++;
        }
        number++;
        return r;
    }

    /** The request has its final answer: the window opens, and an approved reservation is ended. */
    void settled(Request r, Answer a) {
        synchronized (this) {
            if (r.reserves()) {
                promised--;
                if (a.state().equals("accepted")) {
                    toFollow.add(r);
                }
            }
        }
        window.release();
    }

    void send(Request r, int attempt) {
        if (attempt > MAX_ATTEMPTS) {
            return; // remains unanswered, which the summary tells
        }
        book.sent(r, attempt);
        Message m = messages.of(r);
        try {
            Session.sendToTarget(m, session);
        } catch (SessionNotFound e) {
            throw new IllegalStateException("no session " + session, e);
        }
    }
}
