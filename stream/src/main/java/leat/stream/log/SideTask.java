package leat.stream.log;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Work on one partition beside the stage's thread. Giving it up interrupts its thread and waits
/// for its end, since whoever has the partition next uses the same files.
final class SideTask<T> implements Runnable {

    private final FutureTask<T> task;
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Thread thread;
    private boolean begun;
    private boolean givenUp;

    private SideTask(FutureTask<T> task) {
        this.task = task;
    }

    static <T> SideTask<T> start(Callable<T> work, Executor executor) {
        SideTask<T> side = new SideTask<>(new FutureTask<>(work));
        executor.execute(side);
        return side;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (givenUp) {
                return;
            }
            begun = true;
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

    /// The result; not done while the work goes on.
    FutureTask<T> task() {
        return task;
    }

    /// Ends the work, or keeps it from beginning. Yields its result where there is one already.
    @Nullable T giveUp() {
        synchronized (this) {
            givenUp = true;
            if (!begun) {
                return null;
            }
            if (thread != null) {
                thread.interrupt();
            }
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        return task.isDone() && task.state() == Future.State.SUCCESS ? task.resultNow() : null;
    }
}
