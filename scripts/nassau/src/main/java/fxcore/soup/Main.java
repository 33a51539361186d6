package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCP;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HexFormat;

/**
 * Reads a session to its end over as many connections as it takes and prints each message as its number and its bytes
 * in hex. Arguments: port, user, password, session, and the message in hex that it sends after each login.
 */
public final class Main {
    private static final int MAX_CONNECTIONS = 10_000;

    private Main() {
    }

    public static void main(String[] args) throws IOException {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
        Reader reader = new Reader(HexFormat.of().parseHex(args[4]));
        for (int i = 0; i < MAX_CONNECTIONS && !reader.ended(); i++) {
            try {
                reader.read(server, login(args, reader.next()));
            } catch (IOException cut) {
                System.err.println("connection " + i + ": " + cut);
            }
        }
        System.exit(reader.ended() ? 0 : 1);
    }

    private static SoupBinTCP.LoginRequest login(String[] args, long next) {
        SoupBinTCP.LoginRequest login = new SoupBinTCP.LoginRequest();
        login.setUsername(args[1]);
        login.setPassword(args[2]);
        login.setRequestedSession(args[3]);
        login.setRequestedSequenceNumber(next);
        return login;
    }
}
