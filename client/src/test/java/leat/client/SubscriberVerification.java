package leat.client;

import java.time.Duration;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/// The rules of Reactive Streams for [EventSink].
public final class SubscriberVerification extends FlowSubscriberBlackboxVerification<Event> {

    private final LeatClient client =
            new LeatClient(
                    new FakeTransport(),
                    ClientSettings.DEFAULTS.withBatches(7, 1 << 20, Duration.ofMillis(1)));

    public SubscriberVerification() {
        super(new TestEnvironment(500, 100));
    }

    @Override
    public Flow.Subscriber<Event> createFlowSubscriber() {
        return client.sink("clicks", "tck", _ -> {});
    }

    @Override
    public Event createElement(int number) {
        return Event.json("{\"n\":" + number + "}");
    }
}
