package leat.client;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/// Publishes so many events as they are asked for, and counts them.
final class Numbers implements Flow.Publisher<Event> {

    private final long count;
    private final AtomicLong published = new AtomicLong();

    Numbers(long count) {
        this.count = count;
    }

    long published() {
        return published.get();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Event> subscriber) {
        subscriber.onSubscribe(new Some(subscriber));
    }

    private final class Some implements Flow.Subscription {

        private final Flow.Subscriber<? super Event> subscriber;
        private final AtomicLong wanted = new AtomicLong();
        private long next;
        private volatile boolean ended;

        Some(Flow.Subscriber<? super Event> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            if (wanted.getAndUpdate(old -> old + n < 0 ? Long.MAX_VALUE : old + n) > 0) {
                return;
            }
            do {
                if (!ended && next < count) {
                    published.incrementAndGet();
                    subscriber.onNext(Event.json("{\"n\":" + next++ + "}"));
                }
                if (!ended && next == count) {
                    ended = true;
                    subscriber.onComplete();
                }
            } while (wanted.decrementAndGet() > 0);
        }

        @Override
        public void cancel() {
            ended = true;
        }
    }
}
