package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/// The program of a [LoadProcess]. It reads orders, `PER_SECOND MILLIS` a line, carries out each
/// and says so, or what went wrong, until its input ends.
final class LoadProgram {

    private LoadProgram() {}

    /// Carries out what it is told.
    ///
    /// @param arguments the server's port on this machine, the file of the requests, the file for
    ///   what becomes of them
    public static void main(String[] arguments) throws IOException {
        InetSocketAddress server =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        try (OpenLoad load =
                new OpenLoad(
                        server,
                        LoadProcess.readRequests(Path.of(arguments[1])),
                        Thread.ofPlatform().daemon().factory())) {
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(carryOut(order, load, Path.of(arguments[2])));
            }
        }
    }

    private static String carryOut(String order, OpenLoad load, Path outcome) throws IOException {
        String[] words = order.split(" ", -1);
        Duration time = Duration.ofMillis(Long.parseLong(words[1]));
        try {
            LoadProcess.writeOutcome(outcome, load.send(Double.parseDouble(words[0]), time));
            return LoadProcess.DONE;
        } catch (UncheckedIOException | IllegalStateException e) {
            return e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause());
        }
    }
}
