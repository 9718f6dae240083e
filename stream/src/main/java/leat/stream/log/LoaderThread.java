package leat.stream.log;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The one thread of a loader, from its start until it was told to close and has ended.
public final class LoaderThread implements AutoCloseable {

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// @param work returns soon after [#closing] has begun
    public LoaderThread(String name, Runnable work) {
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(work);
    }

    public void start() {
        thread.start();
    }

    /// At zero once the loader is to close.
    public CountDownLatch closing() {
        return closing;
    }

    /// Whether nobody has asked it to close.
    public boolean isGoingOn() {
        return closing.getCount() > 0;
    }

    /// Waits, until it is to close at the longest.
    public void pause(Duration wait) throws InterruptedException {
        boolean _ = closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Ends the work and returns when it has ended.
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
