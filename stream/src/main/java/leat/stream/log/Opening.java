package leat.stream.log;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// The restoration of one partition, running on another thread. Giving it up interrupts that thread
/// and waits for its end, since the next restoration uses the same files.
final class Opening implements Runnable {

    /// What a restoration yields.
    record Opened(AssignedPartition assigned, PartitionProcessor processor) {}

    private final FutureTask<Opened> task;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Thread thread;
    private boolean givenUp;

    private Opening(FutureTask<Opened> task) {
        this.task = task;
    }

    static Opening start(java.util.concurrent.Callable<Opened> restoration, Executor executor) {
        Opening opening = new Opening(new FutureTask<>(restoration));
        executor.execute(opening);
        return opening;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (givenUp) {
                ended.countDown();
                return;
            }
            thread = Thread.currentThread();
        }
        try {
            task.run();
        } finally {
            synchronized (this) {
                thread = null;
            }
            ended.countDown();
        }
    }

    /// The finished restoration; empty handed (`isDone` false) while it runs.
    FutureTask<Opened> task() {
        return task;
    }

    void giveUp() {
        synchronized (this) {
            givenUp = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (task.isDone() && task.state() == java.util.concurrent.Future.State.SUCCESS) {
            task.resultNow().processor().close();
        }
    }
}
