package leat.client;

import java.time.Duration;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/// The rules of Reactive Streams for [LeatClient#publish].
public final class PublisherVerification extends FlowPublisherVerification<EventResult> {

    private final LeatClient client =
            new LeatClient(
                    new FakeTransport(),
                    ClientSettings.DEFAULTS.withBatches(7, 1 << 20, Duration.ofMillis(1)));

    public PublisherVerification() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public Flow.Publisher<EventResult> createFlowPublisher(long elements) {
        return client.publish("clicks", "tck", new Numbers(elements));
    }

    @Override
    public Flow.Publisher<EventResult> createFailedFlowPublisher() {
        return client.publish(
                "clicks",
                "tck",
                subscriber -> {
                    subscriber.onSubscribe(
                            new Flow.Subscription() {
                                @Override
                                public void request(long n) {}

                                @Override
                                public void cancel() {}
                            });
                    subscriber.onError(new IllegalStateException("no events"));
                });
    }
}
