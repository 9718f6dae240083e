package leat.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Events on their way from a publisher to a collector, and their results to a subscriber, in the
/// events' order. Takes no more events than it may hold: those that wait, are under way, or whose
/// results nobody has asked for.
///
/// Everything that happens is a task, and tasks run one after the other, on the thread of whoever
/// comes while none runs. Requests run on virtual threads of their own.
final class Publication implements Flow.Subscriber<Event>, Flow.Subscription {

    /// The most events that are asked for at once: bounds what large events add to the bytes held.
    private static final int MOST_ASKED = 128;

    private final Parts parts;
    private final String contract;
    private final String key;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tasksLeft = new AtomicInteger();

    private Flow.@Nullable Subscription source;
    private Flow.@Nullable Subscriber<? super EventResult> subscriber;
    private boolean sourceEnded;
    private @Nullable Throwable sourceFailure;

    private long asked;
    private long demand;
    private long heldEvents;
    private long heldBytes;
    private long nextIndex;

    private List<Event> filling = new ArrayList<>();
    private long fillingBytes;
    private long fillings;

    /// Batches that are not wholly emitted, the first first.
    private final Deque<Sent> batches = new ArrayDeque<>();

    private final Deque<Sent> unsent = new ArrayDeque<>();
    private final Set<Thread> underWay = new HashSet<>();

    /// What a publication works with.
    ///
    /// @param timer ends the wait of events for others
    record Parts(Retries retries, ClientSettings settings, ScheduledExecutorService timer) {}

    private static final class Sent {
        private final Batch batch;
        private final long bytes;
        private @Nullable List<EventResult> results;
        private int emitted;

        Sent(Batch batch, long bytes) {
            this.batch = batch;
            this.bytes = bytes;
        }
    }

    Publication(
            Parts parts,
            String contract,
            String key,
            Flow.Subscriber<? super EventResult> subscriber) {
        this.parts = parts;
        this.contract = contract;
        this.key = key;
        this.subscriber = subscriber;
    }

    private void run(Runnable task) {
        tasks.add(task);
        if (tasksLeft.getAndIncrement() > 0) {
            return;
        }
        do {
            Runnable next = Objects.requireNonNull(tasks.poll(), "a task that was counted");
            try {
                next.run();
            } catch (RuntimeException e) {
                end(e);
            }
        } while (tasksLeft.decrementAndGet() > 0);
    }

    // The source's signals.

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        Objects.requireNonNull(subscription, "subscription");
        run(() -> {
            if (source != null || subscriber == null) {
                subscription.cancel();
                return;
            }
            source = subscription;
            subscriber.onSubscribe(this);
            ask();
        });
    }

    @Override
    public void onNext(Event event) {
        Objects.requireNonNull(event, "event");
        run(() -> take(event));
    }

    @Override
    public void onError(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        run(() -> {
            sourceFailure = failure;
            sourceEnds();
        });
    }

    @Override
    public void onComplete() {
        run(this::sourceEnds);
    }

    // The subscriber's.

    @Override
    public void request(long n) {
        run(() -> {
            if (n <= 0) {
                end(
                        new IllegalArgumentException(
                                "rule 3.9 of Reactive Streams: " + n + " were requested"));
                return;
            }
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            emit();
        });
    }

    @Override
    public void cancel() {
        run(this::stop);
    }

    private void take(Event event) {
        if (subscriber == null || sourceEnded) {
            return;
        }
        asked--;
        heldEvents++;
        heldBytes += event.sizeBytes();
        boolean other =
                !filling.isEmpty()
                        && (filling.getFirst().form() != event.form()
                                || event.form() == Event.Form.ALONE
                                || fillingBytes + event.sizeBytes()
                                        > parts.settings().batchBytes());
        if (other) {
            seal();
        }
        filling.add(event);
        fillingBytes += event.sizeBytes();
        if (filling.size() >= parts.settings().batchEvents()
                || parts.settings().linger().isZero()) {
            seal();
        } else if (filling.size() == 1) {
            sealAfterLinger();
        }
        ask();
    }

    private void sealAfterLinger() {
        long filled = fillings;
        try {
            ScheduledFuture<?> _ =
                    parts.timer()
                            .schedule(
                                    () -> run(() -> sealIf(filled)),
                                    parts.settings().linger().toNanos(),
                                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            end(new ClientException.Closed());
        }
    }

    private void sealIf(long filled) {
        if (filled == fillings) {
            seal();
        }
    }

    /// What has gathered becomes a request.
    private void seal() {
        if (filling.isEmpty() || subscriber == null) {
            return;
        }
        Sent sent = new Sent(new Batch(contract, key, nextIndex, filling), fillingBytes);
        nextIndex += filling.size();
        filling = new ArrayList<>();
        fillingBytes = 0;
        fillings++;
        batches.add(sent);
        unsent.add(sent);
        send();
    }

    private void send() {
        while (!unsent.isEmpty() && underWay.size() < parts.settings().inFlight()) {
            Sent sent = unsent.remove();
            Thread thread = Thread.ofVirtual().name("leat-client").unstarted(() -> deliver(sent));
            underWay.add(thread);
            thread.start();
        }
    }

    private void deliver(Sent sent) {
        Thread thread = Thread.currentThread();
        try {
            List<EventResult> results =
                    EventResult.of(sent.batch, parts.retries().deliver(sent.batch));
            run(() -> {
                underWay.remove(thread);
                sent.results = results;
                send();
                emit();
            });
        } catch (InterruptedException _) {
            run(() -> end(new ClientException.Closed()));
        } catch (RuntimeException | Error e) {
            run(() -> end(e));
        }
    }

    private void sourceEnds() {
        if (sourceEnded) {
            return;
        }
        sourceEnded = true;
        seal();
        emit();
    }

    /// Gives the subscriber what it has asked for, and ends when there is no more.
    private void emit() {
        while (subscriber != null && demand > 0 && !batches.isEmpty()) {
            Sent first = batches.getFirst();
            List<EventResult> results = first.results;
            if (results == null) {
                break;
            }
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            heldEvents--;
            EventResult result = results.get(first.emitted++);
            if (first.emitted == results.size()) {
                batches.removeFirst();
                heldBytes -= first.bytes;
            }
            subscriber.onNext(result);
        }
        if (subscriber != null && sourceEnded && batches.isEmpty() && filling.isEmpty()) {
            Flow.Subscriber<? super EventResult> last = subscriber;
            subscriber = null;
            if (sourceFailure == null) {
                last.onComplete();
            } else {
                last.onError(sourceFailure);
            }
            return;
        }
        ask();
    }

    /// Asks the source for what there is room for, in portions.
    private void ask() {
        if (source == null || subscriber == null || sourceEnded) {
            return;
        }
        ClientSettings settings = parts.settings();
        long window = (settings.inFlight() + 1L) * settings.batchEvents();
        long maxBytes = (settings.inFlight() + 1L) * settings.batchBytes();
        long room = Math.min(window - heldEvents, MOST_ASKED) - asked;
        boolean worthIt = asked == 0 || room >= MOST_ASKED / 2;
        if (room > 0 && worthIt && heldBytes < maxBytes) {
            asked += room;
            source.request(room);
        }
    }

    private void end(Throwable failure) {
        Flow.Subscriber<? super EventResult> last = subscriber;
        stop();
        if (last != null) {
            last.onError(failure);
        }
    }

    /// Forgets everybody and everything. What is under way may be stored or not.
    private void stop() {
        if (subscriber == null) {
            return;
        }
        subscriber = null;
        if (source != null && !sourceEnded) {
            source.cancel();
        }
        filling.clear();
        batches.clear();
        unsent.clear();
        underWay.forEach(Thread::interrupt);
        underWay.clear();
    }
}
