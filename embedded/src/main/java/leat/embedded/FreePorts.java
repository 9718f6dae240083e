package leat.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Loopback ports that nothing listens at, for servers that keep theirs over a restart.
///
/// They are below those that systems give to outgoing connections (from 32,768 on with Linux): one
/// of these could take a port while the server that had it is down.
public final class FreePorts {

    private static final int LEAST = 15_000;
    private static final int END = 32_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /// One port.
    ///
    /// @throws IOException when none is found
    public static int one() throws IOException {
        return inARow(1);
    }

    /// One port of a range of its own.
    ///
    /// @param end the first port that is not of the range
    /// @throws IOException when none is found
    public static int one(int least, int end) throws IOException {
        return inARow(1, least, end);
    }

    /// The first of several ports, each the one after another.
    ///
    /// @throws IOException when none are found
    public static int inARow(int count) throws IOException {
        return inARow(count, LEAST, END);
    }

    private static int inARow(int count, int least, int end) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int first = ThreadLocalRandom.current().nextInt(least, end - count + 1);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row from " + least + " to " + end);
    }

    private static boolean areFree(int first, int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port = first; port < first + count; port++) {
                held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            }
            return true;
        } catch (IOException _) {
            return false;
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
