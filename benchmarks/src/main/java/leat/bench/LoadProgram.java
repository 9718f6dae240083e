package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import leat.bench.OpenLoad.Answered;

/// The program of a [LoadProcess]. It reads orders, `PER_SECOND MILLIS` a line, carries out each
/// and says so, or what went wrong, until its input ends.
final class LoadProgram {

    private LoadProgram() {}

    /// What requests are sent in.
    enum Protocol {
        /// Whole requests of HTTP.
        HTTP,
        /// Questions of the Open Inference Protocol, as Protobuf has them.
        GRPC;

        private PacedLoad load(InetSocketAddress server, List<byte[]> requests) {
            ThreadFactory threads = Thread.ofPlatform().daemon().factory();
            return switch (this) {
                case HTTP -> new OpenLoad(server, requests, threads);
                case GRPC -> new GrpcLoad(server, GrpcLoad.requests(requests), threads);
            };
        }
    }

    /// Carries out what it is told.
    ///
    /// @param arguments the [Protocol], the server's port on this machine, the file of the
    ///   requests, the file for what becomes of them
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        // What libraries print is no answer to an order.
        System.setOut(System.err);
        InetSocketAddress server =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        try (PacedLoad load =
                Protocol.valueOf(arguments[0])
                        .load(server, LoadProcess.readRequests(Path.of(arguments[2])))) {
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                answers.println(carryOut(order, load, Path.of(arguments[3])));
            }
        }
    }

    private static String carryOut(String order, PacedLoad load, Path outcome) throws IOException {
        String[] words = order.split(" ", -1);
        Duration time = Duration.ofMillis(Long.parseLong(words[1]));
        try {
            double perSecond = Double.parseDouble(words[0]);
            List<Answered> answers = new ArrayList<>();
            Run run =
                    Run.of(() -> {
                        answers.addAll(load.send(perSecond, time));
                        return answers.size();
                    });
            LoadProcess.writeOutcome(outcome, answers);
            return LoadProcess.done(run);
        } catch (UncheckedIOException | IllegalStateException e) {
            return e.getMessage() + (e.getCause() == null ? "" : ": " + e.getCause());
        }
    }
}
