package fxcore.provider;

import java.time.Instant;

/** The run's own id, so that references of two runs on one trade date differ. */
final class Run {
    static final String ID = Long.toString(Instant.now().toEpochMilli(), 36);

    private Run() {
    }
}
