package leat.console.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import java.util.List;
import leat.console.inference.InferenceRefusal;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.RecordUnreadable;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.log.LogUnavailable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class InferenceProblemTest {

    /// What happens, and how HTTP and gRPC say it.
    record Case(RuntimeException failure, int status, Code code, boolean again) {}

    static List<Case> cases() {
        return List.of(
                new Case(new InferenceMalformed("no shape"), 400, Code.INVALID_ARGUMENT, false),
                new Case(new ModelFailed("takes X"), 400, Code.INVALID_ARGUMENT, false),
                new Case(TrackingRefused.invalid("a name"), 400, Code.INVALID_ARGUMENT, false),
                new Case(TrackingRefused.absent("no risk/9"), 404, Code.NOT_FOUND, false),
                new Case(
                        new RecordUnreadable("leat.models", 7, "no JSON", null),
                        500,
                        Code.INTERNAL,
                        false),
                new Case(
                        new TrackingRefused(TrackingError.TEMPORARILY_UNAVAILABLE, "later"),
                        503,
                        Code.UNAVAILABLE,
                        true),
                new Case(new LogUnavailable("away", null), 503, Code.UNAVAILABLE, true),
                new Case(new ModelTooSlow(10_000), 504, Code.DEADLINE_EXCEEDED, false));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFailureIsTheSameOverHttpAndGrpc(Case one) {
        InferenceRefusal refusal = InferenceRefusal.logged(one.failure());
        GrpcProblem problem = InferenceProblem.of(refusal);

        assertThat(refusal.kind().status()).isEqualTo(one.status());
        assertThat(problem.code()).isEqualTo(one.code());
        assertThat(problem.message()).isEqualTo(one.failure().getMessage());
        assertThat(problem.remedy()).isNotEmpty();
        assertThat(problem.retryAfterMillis() > 0).isEqualTo(one.again());
    }

    @Test
    void aFaultOfThisProgramIsNoRefusal() {
        IllegalStateException fault = new IllegalStateException("a fault");

        assertThatThrownBy(() -> InferenceRefusal.logged(fault)).isSameAs(fault);
    }

    @Test
    void aTextThatHeadersHaveNoPlaceForIsCut() {
        String message =
                InferenceProblem.of(
                                new InferenceRefusal(
                                        InferenceRefusal.Kind.MALFORMED, "😀".repeat(5_000)))
                        .message();

        assertThat(message).hasSize(999).endsWith("😀…");
    }
}
