package fxcore.soup;

import com.paritytrading.nassau.soupbintcp.SoupBinTCP;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads a session to its end, or sends requests until each is answered, over as many connections as it takes; prints each
 * message as its number and its bytes in hex. Arguments: port, user, password, session, and the status request in hex that it
 * sends after each login. With "trade" as a further argument the requests are on standard input, a line of hex each.
 */
public final class Main {
    private static final int MAX_CONNECTIONS = 10_000;
    private static final int PAUSE = 20; // milliseconds between connections

    private Main() {
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
        byte[] question = HexFormat.of().parseHex(args[4]);
        Client client = args.length > 5 ? new Trader(question, requests()) : new Reader(question);
        for (int i = 0; i < MAX_CONNECTIONS && !client.done(); i++) {
            try {
                client.connect(server, login(args, client.next()));
            } catch (IOException cut) {
                System.err.println("connection " + i + ": " + cut);
            }
            Thread.sleep(PAUSE);
        }
        System.exit(client.done() ? 0 : 1);
    }

    private static List<byte[]> requests() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in))) {
            return lines.lines().map(line -> HexFormat.of().parseHex(line)).toList();
        }
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
