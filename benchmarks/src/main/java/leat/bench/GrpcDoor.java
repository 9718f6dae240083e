package leat.bench;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import leat.bench.OpenLoad.Answered;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelInferResponse;
import org.jspecify.annotations.Nullable;

/// The console's door for gRPC, asked in the Open Inference Protocol with raw contents, as the
/// protocol's own clients ask.
final class GrpcDoor implements ScoreDoor {

    private static final double LEAST_PER_SECOND = 5_000;
    private static final int DISTINCT_QUESTIONS = 5_000;
    private static final int COMPARED = 100;

    private final InetSocketAddress address;
    private final Path folder;
    private final List<ModelInferRequest> requests;
    private final GrpcLoad near;
    private @Nullable LoadProcess load;

    private GrpcDoor(
            InetSocketAddress address,
            Path folder,
            List<ModelInferRequest> requests,
            GrpcLoad near) {
        this.address = address;
        this.folder = folder;
        this.requests = requests;
        this.near = near;
    }

    /// Compares some of the door's answers, and makes ready to ask it.
    ///
    /// @param port where it is on this machine
    /// @param folder for the files of the client's process
    /// @throws IllegalStateException when an answer is not what ONNX Runtime says
    static GrpcDoor open(int port, BareOnnx bare, BenchVectors vectors, Path folder) {
        List<float[]> rows = vectors.complete(DISTINCT_QUESTIONS);
        return open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                rows,
                bare.run(BareOnnx.batches(rows, rows.size()).getFirst()),
                folder);
    }

    /// @param scores what each row's answer has to be
    static GrpcDoor open(
            InetSocketAddress address, List<float[]> rows, float[] scores, Path folder) {
        List<ModelInferRequest> requests = rows.stream().map(GrpcDoor::request).toList();
        GrpcLoad near = new GrpcLoad(address, requests, Thread.ofVirtual().factory());
        try {
            for (int i = 0; i < Math.min(COMPARED, requests.size()); i++) {
                compare(near.answer(i), scores[i]);
            }
            return new GrpcDoor(address, folder, requests, near);
        } catch (RuntimeException e) {
            near.close();
            throw e;
        }
    }

    private static ModelInferRequest request(float[] row) {
        ByteBuffer values =
                ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.asFloatBuffer().put(row);
        return ModelInferRequest.newBuilder()
                .setModelName(Autoencoder.NAME)
                .addInputs(
                        ModelInferRequest.InferInputTensor.newBuilder()
                                .setName(Autoencoder.INPUT)
                                .setDatatype("FP32")
                                .addShape(1)
                                .addShape(row.length))
                .addRawInputContents(ByteString.copyFrom(values))
                .build();
    }

    private static void compare(ModelInferResponse answer, float expected) {
        ByteString contents =
                answer.getRawOutputContentsCount() == 1
                        ? answer.getRawOutputContents(0)
                        : ByteString.EMPTY;
        float score =
                contents.size() == Float.BYTES
                        ? contents.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getFloat()
                        : Float.NaN;
        if (!BenchVectors.agree(score, expected)) {
            throw new IllegalStateException(
                    "the door answered " + answer + " instead of " + expected);
        }
    }

    @Override
    public String word() {
        return "grpc";
    }

    @Override
    public String roles() {
        return "broker, console, gRPC client";
    }

    @Override
    public OptionalDouble leastPerSecond() {
        return OptionalDouble.of(LEAST_PER_SECOND);
    }

    @Override
    public long ask(int questions) {
        return near.ask(questions);
    }

    @Override
    public LoadProcess.Sent askAt(double perSecond, Duration time) {
        LoadProcess.Sent sent = load().send(perSecond, time);
        sent.answers().forEach(GrpcDoor::check);
        return sent;
    }

    /// One process for all rounds, so that it is warm too.
    private LoadProcess load() {
        LoadProcess now = load;
        if (now == null) {
            now =
                    LoadProcess.start(
                            folder.resolve("grpc-load"),
                            address,
                            LoadProgram.Protocol.GRPC,
                            requests.stream().map(ModelInferRequest::toByteArray).toList());
            load = now;
        }
        return now;
    }

    private static void check(Answered answered) {
        if (answered.status() != Status.Code.OK.value()) {
            throw new IllegalStateException(
                    "the door answered " + Status.fromCodeValue(answered.status()).getCode());
        }
    }

    @Override
    public void close() {
        near.close();
        if (load != null) {
            load.close();
        }
    }
}
