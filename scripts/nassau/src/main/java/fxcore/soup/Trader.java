package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCP;
import com.paritytrading.nassau.soupbintcp.SoupBinTCPClient;
import com.paritytrading.nassau.soupbintcp.SoupBinTCPClientStatusListener;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.List;

/**
 * Sends requests until each has its final answer, over as many connections as it takes, by the rules of our README: after each
 * login it asks how far the core received, and goes on from there. It prints each message as its number and its bytes in hex.
 */
final class Trader implements SoupBinTCPClientStatusListener {
    private static final int RECEIVED = 2; // where these numbers are in each answer
    private static final int SEQUENCE = 10;
    private static final int REFERENCE = 18; // its length, then its characters
    private static final int OUT_OF_SEQUENCE = 4;

    private final byte[] question;
    private final List<byte[]> requests; // numbered from 1
    private long next = 1;
    private long asked; // the number of this connection's status request: the answers to earlier ones may be told again
    private int open;
    private SoupBinTCPClient client;

    /** question is a status request without subject; its number is set here. */
    Trader(byte[] question, List<byte[]> requests) {
        this.question = question.clone();
        this.requests = requests;
        this.open = requests.size();
    }

    long next() {
        return next;
    }

    boolean done() {
        return open == 0;
    }

    /** Trades on one connection, until it ends or all is answered. */
    void trade(SocketAddress server, SoupBinTCP.LoginRequest login) throws IOException {
        try (SocketChannel channel = SocketChannel.open(server)) {
            client = new SoupBinTCPClient(channel, this::message, this);
            ByteBuffer.wrap(question).putLong(RECEIVED, ++asked); // a request has its own number there
            client.login(login);
            while (!done() && client.receive() >= 0) {
                client.keepAlive();
            }
            if (done()) {
                client.logout();
            }
        }
    }

    private void message(ByteBuffer payload) throws IOException {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        System.out.println(next + " " + HexFormat.of().formatHex(bytes));
        next++;
        ByteBuffer answer = ByteBuffer.wrap(bytes);
        switch (bytes[0]) {
            case 'E', 'X', 'K', 'L' -> open--;
            case 'B' -> rejected(answer);
            case 'I' -> {
                if (answer.getLong(SEQUENCE) == asked) {
                    sendFrom(answer.getLong(RECEIVED));
                }
            }
            default -> { }
        }
    }

    /** A message that cannot be read is answered by it; what there was no room for, or came out of sequence, is asked for again. */
    private void rejected(ByteBuffer answer) throws IOException {
        int reason = answer.get(REFERENCE + 1 + answer.get(REFERENCE));
        if (reason < OUT_OF_SEQUENCE) {
            open--;
        } else {
            client.send(ByteBuffer.wrap(question));
        }
    }

    private void sendFrom(long received) throws IOException {
        for (long number = received; number < requests.size(); number++) {
            client.send(ByteBuffer.wrap(requests.get((int) number)));
        }
    }

    @Override
    public void loginAccepted(SoupBinTCPClient client, SoupBinTCP.LoginAccepted payload) throws IOException {
        if (payload.getSequenceNumber() != next) {
            throw new IOException("goes on at " + payload.getSequenceNumber() + " instead of " + next);
        }
        client.send(ByteBuffer.wrap(question));
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
    public void endOfSession(SoupBinTCPClient client) throws IOException {
        throw new IOException("the session has ended");
    }
}
