package leat.client;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// Takes events and sends them: a subscriber that asks for no more than the collector takes.
///
/// For one subscription, like every subscriber.
public final class EventSink implements Flow.Subscriber<Event> {

    private final Publication publication;
    private final CompletableFuture<Totals> done = new CompletableFuture<>();

    /// What became of all events.
    public record Totals(long accepted, long dead, long refused) {}

    /// @param each is told of each event in turn, and must be quick
    EventSink(Publication.Parts parts, String contract, String key, Consumer<EventResult> each) {
        this.publication = new Publication(parts, contract, key, new Counting(each));
    }

    /// Completes when every event that came has been answered for, fails with a [ClientException]
    /// or with what the publisher failed with.
    public CompletionStage<Totals> done() {
        return done.minimalCompletionStage();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        publication.onSubscribe(subscription);
    }

    @Override
    public void onNext(Event event) {
        publication.onNext(event);
    }

    @Override
    public void onError(Throwable failure) {
        publication.onError(failure);
    }

    @Override
    public void onComplete() {
        publication.onComplete();
    }

    private final class Counting implements Flow.Subscriber<EventResult> {

        private final Consumer<EventResult> each;
        private long accepted;
        private long dead;
        private long refused;

        Counting(Consumer<EventResult> each) {
            this.each = Objects.requireNonNull(each, "each");
        }

        @Override
        public void onSubscribe(Flow.Subscription results) {
            results.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(EventResult result) {
            switch (result) {
                case EventResult.Accepted _ -> accepted++;
                case EventResult.Dead _ -> dead++;
                case EventResult.Refused _ -> refused++;
            }
            each.accept(result);
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            done.complete(new Totals(accepted, dead, refused));
        }
    }
}
