package leat.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Does as it is told, then accepts everything.
final class FakeTransport implements Transport {

    private final Deque<Attempt> next = new ArrayDeque<>();
    private final List<Batch> sent = new ArrayList<>();
    private int most = Integer.MAX_VALUE;
    private boolean held;

    synchronized FakeTransport then(Attempt... attempts) {
        next.addAll(List.of(attempts));
        return this;
    }

    synchronized FakeTransport atMost(int events) {
        most = events;
        return this;
    }

    /// Answers nothing until [#release].
    synchronized FakeTransport hold() {
        held = true;
        return this;
    }

    synchronized void release() {
        held = false;
        notifyAll();
    }

    synchronized List<Batch> sent() {
        return new ArrayList<>(sent);
    }

    static Answer accepted(Batch batch) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < batch.events().size(); i++) {
            ids.add(batch.key() + "/" + (batch.firstIndex() + i));
        }
        return new Answer(ids.size(), 0, 0, true, ids, List.of());
    }

    @Override
    public synchronized Attempt send(Batch batch, Duration timeout) throws InterruptedException {
        sent.add(batch);
        notifyAll();
        while (held) {
            wait();
        }
        if (!next.isEmpty()) {
            return next.remove();
        }
        return batch.events().size() > most
                ? new Attempt.TooLarge()
                : new Attempt.Answered(accepted(batch));
    }

    @Override
    public String address() {
        return "fake";
    }

    @Override
    public void close() {
        release();
    }
}
