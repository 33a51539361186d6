package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCP;
import com.paritytrading.nassau.soupbintcp.SoupBinTCPClient;
import com.paritytrading.nassau.soupbintcp.SoupBinTCPClientStatusListener;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;

/**
 * What is done with a session, over as many connections as it takes. It prints each message as its number and its bytes in hex, and
 * reads on without a gap.
 */
abstract class Client implements SoupBinTCPClientStatusListener {
    private long next = 1;

    /** The number of the next message wanted. */
    final long next() {
        return next;
    }

    /** Tells whether there is nothing left to do. */
    abstract boolean done();

    /** What is sent after each login. */
    abstract ByteBuffer question();

    /** Takes a message that was printed. */
    abstract void message(SoupBinTCPClient client, byte[] payload) throws IOException;

    /** Serves one connection, until it ends or nothing is left to do. */
    final void connect(SocketAddress server, SoupBinTCP.LoginRequest login) throws IOException {
        try (SocketChannel channel = SocketChannel.open(server)) {
            SoupBinTCPClient[] client = new SoupBinTCPClient[1];
            client[0] = new SoupBinTCPClient(channel, payload -> print(client[0], payload), this);
            client[0].login(login);
            while (!done() && client[0].receive() >= 0) {
                client[0].keepAlive();
            }
            if (done()) {
                client[0].logout();
            }
        }
    }

    private void print(SoupBinTCPClient client, ByteBuffer payload) throws IOException {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        System.out.println(next + " " + HexFormat.of().formatHex(bytes));
        next++;
        message(client, bytes);
    }

    @Override
    public final void loginAccepted(SoupBinTCPClient client, SoupBinTCP.LoginAccepted payload) throws IOException {
        if (payload.getSequenceNumber() != next) {
            throw new IOException("goes on at " + payload.getSequenceNumber() + " instead of " + next);
        }
        client.send(question());
    }

    @Override
    public final void loginRejected(SoupBinTCPClient client, SoupBinTCP.LoginRejected payload) throws IOException {
        throw new IOException("login rejected");
    }

    @Override
    public final void heartbeatTimeout(SoupBinTCPClient client) throws IOException {
        throw new IOException("the server is silent");
    }
}
