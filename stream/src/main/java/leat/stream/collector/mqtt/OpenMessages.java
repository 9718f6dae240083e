package leat.stream.collector.mqtt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import leat.stream.collector.InFlight;
import leat.stream.collector.mqtt.Pending.Fate;
import org.jspecify.annotations.Nullable;

/// The messages of one connection that are not done with, and what they take of the collector's
/// memory: it is taken when one is added and given back with its acknowledgement.
///
/// Most connections have none most of the time, and nothing is held for those.
final class OpenMessages {

    private final InFlight bytes;
    private final InFlight requests;

    /// Messages without their acknowledgement, in their order; `null` while there are none.
    private @Nullable Deque<Pending> pending;

    /// Messages of QoS 2 that wait for their PUBREL; `null` while there are none.
    private @Nullable Set<Integer> unreleased;

    /// Whether a message of QoS 2 is here already.
    enum Again {
        NO,
        /// It has no acknowledgement yet.
        PENDING,
        /// It is acknowledged and waits for its PUBREL.
        UNRELEASED
    }

    OpenMessages(InFlight bytes, InFlight requests) {
        this.bytes = bytes;
        this.requests = requests;
    }

    void add(Pending added) {
        Deque<Pending> queue = pending;
        if (queue == null) {
            queue = new ArrayDeque<>(4);
            pending = queue;
        }
        queue.add(added);
        bytes.take(added.sizeBytes);
        requests.take(1);
    }

    /// Whether a message of QoS 2 comes once more.
    Again again(int packetId) {
        if (unreleased != null && unreleased.contains(packetId)) {
            return Again.UNRELEASED;
        }
        return pending != null && pending.stream().anyMatch(message -> message.isExactly(packetId))
                ? Again.PENDING
                : Again.NO;
    }

    /// Takes out the first message if it is settled: they are acknowledged in their order.
    ///
    /// @return `null` when it is not, or there is none
    @Nullable Pending nextSettled() {
        Deque<Pending> queue = pending;
        if (queue == null || queue.getFirst().fate == Fate.OPEN) {
            return null;
        }
        Pending settled = queue.removeFirst();
        if (queue.isEmpty()) {
            pending = null;
        }
        giveBack(settled);
        return settled;
    }

    /// A message of QoS 2 is acknowledged.
    void awaitRelease(int packetId) {
        Set<Integer> waiting = unreleased;
        if (waiting == null) {
            waiting = new HashSet<>();
            unreleased = waiting;
        }
        waiting.add(packetId);
    }

    /// Ends the wait for a message's release; says whether there was one.
    boolean release(int packetId) {
        Set<Integer> waiting = unreleased;
        boolean known = waiting != null && waiting.remove(packetId);
        if (waiting != null && waiting.isEmpty()) {
            unreleased = null;
        }
        return known;
    }

    /// How many there are.
    int count() {
        return (pending == null ? 0 : pending.size())
                + (unreleased == null ? 0 : unreleased.size());
    }

    /// Whether every message is acknowledged.
    boolean nonePending() {
        return pending == null;
    }

    /// Drops all: the connection has ended.
    void forget() {
        if (pending != null) {
            pending.forEach(this::giveBack);
        }
        pending = null;
        unreleased = null;
    }

    private void giveBack(Pending done) {
        bytes.giveBack(done.sizeBytes);
        requests.giveBack(1);
    }
}
