package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCP;
import com.paritytrading.nassau.soupbintcp.SoupBinTCPClient;
import com.paritytrading.nassau.soupbintcp.SoupBinTCPClientStatusListener;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;

/** What was read of a session, over its connections. */
final class Reader implements SoupBinTCPClientStatusListener {
    private final byte[] greeting;
    private long next = 1;
    private boolean ended;

    Reader(byte[] greeting) {
        this.greeting = greeting;
    }

    long next() {
        return next;
    }

    boolean ended() {
        return ended;
    }

    /** Reads one connection to its end, or to that of the session. */
    void read(SocketAddress server, SoupBinTCP.LoginRequest login) throws IOException {
        try (SocketChannel channel = SocketChannel.open(server)) {
            SoupBinTCPClient client = new SoupBinTCPClient(channel, this::message, this);
            client.login(login);
            while (!ended && client.receive() >= 0) {
                client.keepAlive();
            }
            if (ended) {
                client.logout();
            }
        }
    }

    private void message(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        System.out.println(next + " " + HexFormat.of().formatHex(bytes));
        next++;
    }

    @Override
    public void loginAccepted(SoupBinTCPClient client, SoupBinTCP.LoginAccepted payload) throws IOException {
        if (payload.getSequenceNumber() != next) {
            throw new IOException("goes on at " + payload.getSequenceNumber() + " instead of " + next);
        }
        client.send(ByteBuffer.wrap(greeting));
    }

    @Override
    public void loginRejected(SoupBinTCPClient client, SoupBinTCP.LoginRejected payload) throws IOException {
        throw new IOException("login rejected");
    }

    @Override
    public void heartbeatTimeout(SoupBinTCPClient client) throws IOException {
        throw new IOException("the server is silent");
    }

    @Override
    public void endOfSession(SoupBinTCPClient client) {
        ended = true;
    }
}
