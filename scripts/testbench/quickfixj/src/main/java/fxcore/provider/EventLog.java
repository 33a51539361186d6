package fxcore.provider;

import quickfix.Log;
import quickfix.LogFactory;
import quickfix.SessionID;

/** The engine's events on standard error, if asked for. Messages are never written: a Logon holds the password. */
record EventLog(SessionID session, boolean verbose) implements Log {

    record Factory(boolean verbose) implements LogFactory {
        @Override
        public Log create(SessionID session) {
            return new EventLog(session, verbose);
        }
    }

    @Override
    public void clear() {
    }

    @Override
    public void onIncoming(String message) {
    }

    @Override
    public void onOutgoing(String message) {
    }

    @Override
    public void onEvent(String text) {
        if (verbose) {
            System.err.println(session.getSenderCompID() + ": " + text);
        }
    }

    @Override
    public void onErrorEvent(String text) {
        onEvent(text);
    }
}
