package leat.stream.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The threads that parse and write for one table. Each lane does its tasks in order, so that what
/// belongs to a lane needs no lock. A later lane gets work only while the earlier ones are busy: at
/// a low rate one lane makes one file.
final class Lanes implements AutoCloseable {

    private static final int MAX_QUEUED_PER_LANE = 4;

    private final List<Lane> lanes = new ArrayList<>();

    private record Lane(ExecutorService thread, AtomicInteger queued) {}

    Lanes(String name, int count) {
        for (int i = 0; i < count; i++) {
            String thread = name + "-writer-" + i;
            lanes.add(
                    new Lane(
                            Executors.newSingleThreadExecutor(
                                    Thread.ofPlatform().daemon().name(thread).factory()),
                            new AtomicInteger()));
        }
    }

    int count() {
        return lanes.size();
    }

    /// Whether another chunk may be queued; false is the reason to stop reading for a moment.
    boolean hasRoom() {
        int queued = lanes.stream().mapToInt(lane -> lane.queued().get()).sum();
        return queued < MAX_QUEUED_PER_LANE * lanes.size();
    }

    /// The lane with the shortest queue, of several the first.
    int shortest() {
        int shortest = 0;
        for (int i = 1; i < lanes.size(); i++) {
            if (lanes.get(i).queued().get() < lanes.get(shortest).queued().get()) {
                shortest = i;
            }
        }
        return shortest;
    }

    <T> CompletableFuture<T> run(int lane, Supplier<T> task) {
        Lane to = lanes.get(lane);
        to.queued().incrementAndGet();
        return CompletableFuture.supplyAsync(task, to.thread())
                .whenComplete((_, _) -> to.queued().decrementAndGet());
    }

    /// For a task that keeps what goes wrong to itself.
    void queue(int lane, Runnable task) {
        Lane to = lanes.get(lane);
        to.queued().incrementAndGet();
        to.thread()
                .execute(() -> {
                    try {
                        task.run();
                    } finally {
                        to.queued().decrementAndGet();
                    }
                });
    }

    @Override
    public void close() {
        lanes.forEach(lane -> lane.thread().close());
    }
}
