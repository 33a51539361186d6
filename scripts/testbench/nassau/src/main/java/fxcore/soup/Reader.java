package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCPClient;

import java.nio.ByteBuffer;

/** Reads a session to its end. */
final class Reader extends Client {
    private final byte[] greeting;
    private boolean ended;

    Reader(byte[] greeting) {
        this.greeting = greeting;
    }

    @Override
    boolean done() {
        return ended;
    }

    @Override
    ByteBuffer question() {
        return ByteBuffer.wrap(greeting);
    }

    @Override
    void message(SoupBinTCPClient client, byte[] payload) {
        // it is printed: that is all
    }

    @Override
    public void endOfSession(SoupBinTCPClient client) {
        ended = true;
    }
}
