package leat.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.bench.OpenLoad.Answered;
import leat.inference.v2.GRPCInferenceServiceGrpc;
import leat.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelInferResponse;

/// Questions in the Open Inference Protocol over several connections of gRPC, from the stubs that
/// its published file generates.
final class GrpcLoad implements PacedLoad {

    private static final int CONNECTIONS = 8;

    /// Clients that each wait for an answer before they ask again, of all connections.
    private static final int CLIENTS = 64;

    /// Unanswered questions of a connection: the server refuses more than 256 in all. A question
    /// that has to wait for another one's answer is late from when it was due.
    private static final int MOST_UNANSWERED = CLIENTS / CONNECTIONS;

    /// In which all threads begin.
    private static final Duration LEAD = Duration.ofMillis(250);

    private static final long LONGEST_ANSWER_SECONDS = 30;

    private final List<ManagedChannel> channels;
    private final List<ModelInferRequest> requests;
    private final ThreadFactory threads;

    /// Connects when it sends.
    ///
    /// @param threads one for each connection
    GrpcLoad(InetSocketAddress server, List<ModelInferRequest> requests, ThreadFactory threads) {
        this.channels = Stream.generate(() -> channel(server)).limit(CONNECTIONS).toList();
        this.requests = List.copyOf(requests);
        this.threads = threads;
    }

    /// Answers are taken on the connections' own threads: nothing waits there.
    private static ManagedChannel channel(InetSocketAddress server) {
        return NettyChannelBuilder.forAddress(server).usePlaintext().directExecutor().build();
    }

    /// Requests as they were written by [ModelInferRequest#toByteArray].
    ///
    /// @throws IllegalArgumentException when one is none
    static List<ModelInferRequest> requests(List<byte[]> written) {
        List<ModelInferRequest> requests = new ArrayList<>(written.size());
        for (byte[] one : written) {
            try {
                requests.add(ModelInferRequest.parseFrom(one));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException("no question in the protocol", e);
            }
        }
        return requests;
    }

    /// The answer to one of the requests.
    ///
    /// @throws io.grpc.StatusRuntimeException when there is none
    ModelInferResponse answer(int request) {
        return answer(channels.getFirst(), request);
    }

    private ModelInferResponse answer(ManagedChannel channel, int request) {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)
                .modelInfer(requests.get(request % requests.size()));
    }

    /// Asks `total` questions, taken from the requests in turn, and returns when all are answered;
    /// how many there were.
    ///
    /// @throws IllegalStateException when one is not answered
    long ask(int total) {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int first = client;
            clients.add(() -> {
                ManagedChannel channel = channels.get(first % CONNECTIONS);
                for (int i = first; i < total; i += CLIENTS) {
                    ModelInferResponse _ = answer(channel, i);
                }
                return null;
            });
        }
        HttpLoad.all(clients);
        return total;
    }

    /// @return of each question the status as gRPC numbers it, 0 where it was answered
    @Override
    public List<Answered> send(double perSecond, Duration time) {
        long intervalNanos = Math.max(1, (long) (1e9 * CONNECTIONS / perSecond));
        int each = Math.toIntExact(Math.max(1, time.toNanos() / intervalNanos));
        long start = System.nanoTime() + LEAD.toNanos();
        List<Line> lines =
                IntStream.range(0, CONNECTIONS)
                        .mapToObj(number ->
                                new Line(
                                        number,
                                        start + intervalNanos * number / CONNECTIONS,
                                        intervalNanos,
                                        each))
                        .toList();
        HttpLoad.all(threads, lines.stream().<Callable<Void>>map(line -> line::run).toList());
        return lines.stream().flatMap(Line::answered).toList();
    }

    /// One connection with its requests.
    private final class Line {
        private final int number;
        private final long startNanos;
        private final long intervalNanos;
        private final int[] statuses;
        private final long[] answeredNanos;
        private final CountDownLatch unanswered;
        private final Semaphore places = new Semaphore(MOST_UNANSWERED);

        Line(int number, long startNanos, long intervalNanos, int count) {
            this.number = number;
            this.startNanos = startNanos;
            this.intervalNanos = intervalNanos;
            this.statuses = new int[count];
            this.answeredNanos = new long[count];
            this.unanswered = new CountDownLatch(count);
        }

        Void run() throws InterruptedException {
            GRPCInferenceServiceStub stub = GRPCInferenceServiceGrpc.newStub(channels.get(number));
            for (int i = 0; i < statuses.length; i++) {
                long due = due(i);
                for (long wait = due - System.nanoTime();
                        wait > 0;
                        wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                places.acquire();
                stub.withDeadlineAfter(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)
                        .modelInfer(requests.get(request(i)), new Answer(i));
            }
            // Each has a deadline, so that all come.
            unanswered.await();
            return null;
        }

        private long due(int i) {
            return startNanos + i * intervalNanos;
        }

        private int request(int i) {
            return (i * CONNECTIONS + number) % requests.size();
        }

        Stream<Answered> answered() {
            return IntStream.range(0, statuses.length)
                    .mapToObj(i -> new Answered(request(i), statuses[i], due(i), answeredNanos[i]));
        }

        /// Notes one answer.
        private final class Answer implements StreamObserver<ModelInferResponse> {
            private final int place;

            Answer(int place) {
                this.place = place;
            }

            @Override
            public void onNext(ModelInferResponse response) {
                // Whether it ends well is what counts.
            }

            @Override
            public void onError(Throwable failure) {
                end(Status.fromThrowable(failure));
            }

            @Override
            public void onCompleted() {
                end(Status.OK);
            }

            private void end(Status status) {
                answeredNanos[place] = System.nanoTime();
                statuses[place] = status.getCode().value();
                places.release();
                unanswered.countDown();
            }
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
