package leat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import leat.inference.v2.GRPCInferenceServiceGrpc;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelInferResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GrpcDoorTest {

    private static final Duration TIME = Duration.ofMillis(200);
    private static final List<float[]> ROWS = List.of(new float[] {0.5F, 1}, new float[] {-2, 3});
    private static final float[] FIRST_VALUES = {0.5F, -2};

    @TempDir private Path folder;

    private final FirstValue model = new FirstValue();
    private Server server;

    /// Gives the first of a row's values for its score.
    private static final class FirstValue
            extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean refusing;

        @Override
        public void modelInfer(
                ModelInferRequest request, StreamObserver<ModelInferResponse> answer) {
            asked.incrementAndGet();
            if (refusing) {
                answer.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                return;
            }
            ByteString row = request.getRawInputContents(0);
            answer.onNext(
                    ModelInferResponse.newBuilder()
                            .addRawOutputContents(row.substring(0, Float.BYTES))
                            .build());
            answer.onCompleted();
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(model)
                        .build()
                        .start();
    }

    @AfterEach
    void end() {
        server.shutdownNow();
    }

    private GrpcDoor open(float[] scores) {
        return GrpcDoor.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()),
                ROWS,
                scores,
                folder);
    }

    @Test
    void everyQuestionIsAnsweredAtOnceAndAtItsTime() {
        try (GrpcDoor door = open(FIRST_VALUES)) {
            int compared = model.asked.get();
            long asked = door.ask(1_000);
            List<OpenLoad.Answered> answers = door.askAt(640, TIME).answers();

            assertThat(compared).isEqualTo(ROWS.size());
            assertThat(asked).isEqualTo(1_000);
            assertThat(answers).hasSize(128);
            assertThat(answers).allMatch(answer -> answer.millis() > 0 && answer.millis() < 30_000);
            assertThat(model.asked).hasValue(compared + 1_000 + 128);
        }
    }

    @Test
    void anAnswerThatIsNotTheModelsIsRefused() {
        assertThatThrownBy(() -> open(new float[] {0.5F, 2}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("instead of 2.0");
    }

    @Test
    void aQuestionThatIsNotAnsweredBreaksTheMeasurement() {
        try (GrpcDoor door = open(FIRST_VALUES)) {
            model.refusing = true;

            assertThatThrownBy(() -> door.ask(10))
                    .isInstanceOf(IllegalStateException.class)
                    .hasStackTraceContaining("RESOURCE_EXHAUSTED");
            assertThatThrownBy(() -> door.askAt(640, TIME))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("RESOURCE_EXHAUSTED");
        }
    }
}
