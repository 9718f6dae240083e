package leat.console.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CallPermitsTest {

    private long nanos;
    private final CallPermits permits = new CallPermits(1, () -> nanos);
    private final List<String> asked = new ArrayList<>();

    @Test
    void anAnswerMakesRoomForTheNextCall() {
        Call first = new Call();
        first.begin().onMessage("first");
        assertThat(refusal(new Call())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

        first.answer();
        new Call().begin().onMessage("second");

        assertThat(asked).containsExactly("first", "second");
    }

    @Test
    void aCallThatIsGivenUpMakesRoom() {
        new Call().begin().onCancel();

        new Call().begin().onMessage("next");

        assertThat(asked).containsExactly("next");
    }

    @Test
    void whoHasAskedIsNotEndedForOthers() {
        Call first = new Call();
        first.begin().onMessage("first");
        nanos += CallPermits.PATIENCE.plusSeconds(1).toNanos();

        assertThat(refusal(new Call())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(first.closed).isEmpty();
    }

    @Test
    void whoHasNotAskedForLongIsEndedForOthersAndNotHeardAnyMore() {
        Call silent = new Call();
        ServerCall.Listener<String> late = silent.begin();
        nanos += CallPermits.PATIENCE.toNanos();
        assertThat(refusal(new Call())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(silent.closed).isEmpty();

        nanos += Duration.ofMillis(1).toNanos();
        new Call().begin().onMessage("next");
        late.onMessage("late");
        late.onHalfClose();
        late.onCancel();

        assertThat(asked).containsExactly("next");
        assertThat(silent.closed)
                .extracting(Status::getCode)
                .containsExactly(Status.Code.DEADLINE_EXCEEDED);
        assertThat(silent.closed.getFirst().getDescription())
                .isEqualTo(
                        "the call has not sent its request for 10 s, and others wait; send the"
                                + " request with the call");
        // And it has given its place once
        assertThat(refusal(new Call())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    private static Status.Code refusal(Call call) {
        ServerCall.Listener<String> _ = call.begin();
        assertThat(call.closed).hasSize(1);
        return call.closed.getFirst().getCode();
    }

    /// A call as the server has it.
    private final class Call extends ServerCall<String, String> {

        private final List<Status> closed = new ArrayList<>();
        private ServerCall<String, String> given = this;

        ServerCall.Listener<String> begin() {
            return permits.interceptCall(
                    this,
                    new Metadata(),
                    (call, _) -> {
                        given = call;
                        return new Listener<>() {
                            @Override
                            public void onMessage(String message) {
                                asked.add(message);
                            }

                            @Override
                            public void onHalfClose() {
                                asked.add("end");
                            }
                        };
                    });
        }

        void answer() {
            given.close(Status.OK, new Metadata());
        }

        @Override
        public void request(int messages) {
            // Nothing is waited for.
        }

        @Override
        public void sendHeaders(Metadata headers) {
            // Nobody reads them.
        }

        @Override
        public void sendMessage(String message) {
            // Nobody reads it.
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<String, String> getMethodDescriptor() {
            return MethodDescriptor.<String, String>newBuilder()
                    .setType(MethodType.UNARY)
                    .setFullMethodName("inference.Test/Ask")
                    .setRequestMarshaller(NOTHING)
                    .setResponseMarshaller(NOTHING)
                    .build();
        }
    }

    private static final Marshaller<String> NOTHING =
            new Marshaller<>() {
                @Override
                public InputStream stream(String value) {
                    return InputStream.nullInputStream();
                }

                @Override
                public String parse(InputStream stream) {
                    return "";
                }
            };
}
