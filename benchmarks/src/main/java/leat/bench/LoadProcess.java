package leat.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import leat.bench.OpenLoad.Answered;
import leat.bench.process.ChildJava;
import org.jspecify.annotations.Nullable;

/// A [PacedLoad] that a process of its own makes, on threads of the system, so that it shares the
/// processors with what it measures but neither heap nor threads: a server's pauses and queues are
/// seen, not shared.
///
/// Requests and what became of them go through files; an order is a line.
final class LoadProcess implements AutoCloseable {

    /// Begins what is said when an order is done.
    private static final String DONE = "done ";

    private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-Xms192m", "-Xmx192m");

    /// Little is to be done for a request of HTTP, and what compiles takes from what is measured. A
    /// client of gRPC has so much to do that it would take as much as the server without.
    private static final String NOT_OPTIMISED = "-XX:TieredStopAtLevel=1";

    private static final long LOOK_MILLIS = 100;

    private final ChildJava process;
    private final Path outcome;
    private final BlockingQueue<String> said;

    private LoadProcess(ChildJava process, Path outcome, BlockingQueue<String> said) {
        this.process = process;
        this.outcome = outcome;
        this.said = said;
    }

    /// Starts one.
    ///
    /// @param folder for its files, which nobody else has
    /// @param requests as the protocol has them
    static LoadProcess start(
            Path folder,
            InetSocketAddress server,
            LoadProgram.Protocol protocol,
            List<byte[]> requests) {
        Path asked = folder.resolve("requests");
        Path outcome = folder.resolve("outcome");
        try {
            Files.createDirectories(folder);
            writeRequests(asked, requests);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        ChildJava process =
                ChildJava.start(
                        "load",
                        options(protocol),
                        List.of(
                                LoadProgram.class.getName(),
                                protocol.name(),
                                Integer.toString(server.getPort()),
                                asked.toString(),
                                outcome.toString()),
                        folder,
                        said::add);
        return new LoadProcess(process, outcome, said);
    }

    /// What was sent, and what that took of the processors.
    ///
    /// @param cpuNanos CPU time of the load's process
    /// @param compilerNanos what its JIT compiler took of it
    record Sent(List<Answered> answers, long cpuNanos, long compilerNanos) {
        Sent {
            answers = List.copyOf(answers);
        }
    }

    /// As [PacedLoad#send].
    ///
    /// @throws IllegalStateException when the process ends before
    Sent send(double perSecond, Duration time) {
        process.tell(perSecond + " " + time.toMillis());
        String[] took = awaitDone().split(" ", -1);
        try {
            return new Sent(readOutcome(outcome), Long.parseLong(took[0]), Long.parseLong(took[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What [LoadProgram] says of an order that is done.
    static String done(Run run) {
        return DONE + run.cpuNanos() + " " + run.compilerNanos();
    }

    /// The numbers of [#done].
    private String awaitDone() {
        try {
            @Nullable String line = null;
            while (line == null) {
                boolean alive = process.isAlive();
                line = said.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (line == null && !alive) {
                    throw new IllegalStateException(process.lastWords());
                }
            }
            if (!line.startsWith(DONE)) {
                throw new IllegalStateException("the load says: " + line);
            }
            return line.substring(DONE.length());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static List<String> options(LoadProgram.Protocol protocol) {
        return switch (protocol) {
            case HTTP -> Stream.concat(OPTIONS.stream(), Stream.of(NOT_OPTIMISED)).toList();
            case GRPC -> OPTIONS;
        };
    }

    private static void writeRequests(Path file, List<byte[]> requests) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(requests.size());
            for (byte[] request : requests) {
                out.writeInt(request.length);
                out.write(request);
            }
        }
    }

    static List<byte[]> readRequests(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            List<byte[]> requests = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                requests.add(in.readNBytes(in.readInt()));
            }
            return requests;
        }
    }

    static void writeOutcome(Path file, List<Answered> answers) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(answers.size());
            for (Answered answer : answers) {
                out.writeInt(answer.request());
                out.writeInt(answer.status());
                out.writeLong(answer.dueNanos());
                out.writeLong(answer.answeredNanos());
            }
        }
    }

    private static List<Answered> readOutcome(Path file) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            List<Answered> answers = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                answers.add(new Answered(in.readInt(), in.readInt(), in.readLong(), in.readLong()));
            }
            return answers;
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
