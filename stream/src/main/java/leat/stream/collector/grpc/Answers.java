package leat.stream.collector.grpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;
import leat.collector.v1.CollectorGrpc;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishRequest;
import leat.collector.v1.PublishSummary;

/// How one call is answered.
///
/// @param <A> the message of its answers
interface Answers<A> {

    /// What is sent for a request that was answered for.
    Optional<A> each(PublishReply reply);

    /// What is sent after the last of them.
    Optional<A> last();

    /// What goes with the status of a call that fails.
    List<? extends Message> details();

    /// How a method of the service is called and answered.
    ///
    /// @param single whether a call has one request; else it is a stream of them, which is held
    ///   back where one request would be refused
    record Method<A>(MethodDescriptor<PublishRequest, A> descriptor, boolean single, Kind<A> kind) {

        static final Method<PublishReply> PUBLISH =
                new Method<>(CollectorGrpc.getPublishMethod(), true, Each::new);
        static final Method<PublishSummary> PUBLISH_MANY =
                new Method<>(CollectorGrpc.getPublishManyMethod(), false, InSum::new);
        static final Method<PublishReply> PUBLISH_STREAM =
                new Method<>(CollectorGrpc.getPublishStreamMethod(), false, Each::new);

        /// `PublishMany`, as metrics name it.
        String name() {
            return String.valueOf(descriptor.getBareMethodName());
        }
    }

    /// Makes the answers of a call.
    interface Kind<A> {
        Answers<A> open();
    }

    /// A reply a request.
    final class Each implements Answers<PublishReply> {
        @Override
        public Optional<PublishReply> each(PublishReply reply) {
            return Optional.of(reply);
        }

        @Override
        public Optional<PublishReply> last() {
            return Optional.empty();
        }

        @Override
        public List<? extends Message> details() {
            return List.of();
        }
    }

    /// One summary at the end.
    final class InSum implements Answers<PublishSummary> {

        private final Replies.Sum sum = new Replies.Sum();

        @Override
        public Optional<PublishSummary> each(PublishReply reply) {
            sum.add(reply);
            return Optional.empty();
        }

        @Override
        public Optional<PublishSummary> last() {
            return Optional.of(sum.summary());
        }

        @Override
        public List<? extends Message> details() {
            return List.of(sum.counts());
        }
    }
}
