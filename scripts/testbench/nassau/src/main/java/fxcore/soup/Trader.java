package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCPClient;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends requests until each has its final answer, by the rules of our README: after each login it asks how far the core received,
 * and goes on from there.
 */
final class Trader extends Client {
    private static final int RECEIVED = 2; // where these numbers are in each answer
    private static final int SEQUENCE = 10;
    private static final int REFERENCE = 18; // its length, then its characters
    private static final int OUT_OF_SEQUENCE = 4;

    private final byte[] question;
    private final List<byte[]> requests; // numbered from 1
    private long asked; // the number of this connection's status request: the answers to earlier ones may be told again
    private final Set<String> decided = new HashSet<>(); // references

    /** question is a status request without subject; its number is set here. */
    Trader(byte[] question, List<byte[]> requests) {
        this.question = question.clone();
        this.requests = requests;
    }

    @Override
    boolean done() {
        return decided.size() >= requests.size();
    }

    @Override
    ByteBuffer question() {
        return ByteBuffer.wrap(question).putLong(RECEIVED, ++asked); // a request has its own number there
    }

    @Override
    void message(SoupBinTCPClient client, byte[] payload) throws IOException {
        ByteBuffer answer = ByteBuffer.wrap(payload);
        switch (payload[0]) {
            case 'E', 'X', 'K', 'L' -> decided.add(reference(payload));
            case 'B' -> rejected(client, answer);
            case 'I' -> {
                if (answer.getLong(SEQUENCE) == asked) {
                    sendFrom(client, answer.getLong(RECEIVED));
                }
            }
            default -> { }
        }
    }

    /** A message that cannot be read is answered by it; what there was no room for, or came out of sequence, is asked for again. */
    private void rejected(SoupBinTCPClient client, ByteBuffer answer) throws IOException {
        int reason = answer.get(REFERENCE + 1 + answer.get(REFERENCE));
        if (reason < OUT_OF_SEQUENCE) {
            decided.add(reference(answer.array()));
        } else {
            client.send(question());
        }
    }

    private static String reference(byte[] answer) {
        return new String(answer, REFERENCE + 1, answer[REFERENCE], StandardCharsets.US_ASCII);
    }

    private void sendFrom(SoupBinTCPClient client, long received) throws IOException {
        for (long number = received; number < requests.size(); number++) {
            client.send(ByteBuffer.wrap(requests.get((int) number)));
        }
    }

    @Override
    public void endOfSession(SoupBinTCPClient client) throws IOException {
        throw new IOException("the session has ended");
    }
}
