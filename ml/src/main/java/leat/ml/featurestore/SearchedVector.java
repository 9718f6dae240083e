package leat.ml.featurestore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.feature.Observation;
import leat.core.feature.Shape;
import leat.core.feature.SourceEvents;
import leat.ml.featurestore.SourceSearch.Event;
import leat.ml.featurestore.SourceSearch.OfFeature;
import leat.ml.featurestore.SourceSearch.Vector;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// One vector whose events are looked for, and what of them was read. For one thread.
final class SearchedVector {

    /// How far the clocks of brokers may be apart.
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final Vector vector;
    private final FeatureFlow flow;
    private final List<Shape.Output> outputs;
    private final SourceEvents<Event> found;

    /// The first offset that each feature needs. A row feature's event is known to be there.
    private final long[] bounds;

    /// Whether an event of the feature is known to stand at its bound.
    private final boolean[] exact;

    /// @param newest how many events of each feature are named
    /// @param appended says where records are appended since a time
    SearchedVector(Vector vector, int newest, AppendedSince appended) {
        this.vector = vector;
        this.flow = new FeatureFlow(vector.view());
        this.outputs = vector.shape().outputs();
        this.found = SourceEvents.of(vector.shape(), vector.queryMicros(), newest);
        this.bounds = bounds(appended);
        this.exact = new boolean[bounds.length];
    }

    private long[] bounds(AppendedSince appended) {
        Duration ahead = flow.compiled().origin().timeBounds().future().plus(CLOCKS);
        long[] needed = new long[outputs.size()];
        for (int output = 0; output < needed.length; output++) {
            long millis = Math.floorDiv(found.fromMicros().get(output), 1_000L);
            needed[output] =
                    isOfWindow(output)
                            ? Math.min(
                                    vector.event().offset() + 1,
                                    appended.offset(millis - ahead.toMillis()))
                            : 0;
        }
        return needed;
    }

    /// Has the vectors before this one say where windows begin.
    ///
    /// @param deadline of [System#nanoTime]; nothing is read after it
    void narrow(EarlierVectors earlier, long deadline) {
        List<Integer> windows =
                IntStream.range(0, bounds.length).filter(this::isOfWindow).boxed().toList();
        if (windows.isEmpty()) {
            return;
        }
        List<Long> froms = windows.stream().map(found.fromMicros()::get).toList();
        long floor = windows.stream().mapToLong(window -> bounds[window]).min().orElse(0);
        long[] first = earlier.firstEvents(froms, floor, deadline);
        for (int i = 0; i < first.length; i++) {
            if (first[i] >= 0) {
                bounds[windows.get(i)] = first[i];
                exact[windows.get(i)] = true;
            }
        }
    }

    private boolean isOfWindow(int output) {
        return switch (outputs.get(output)) {
            case Shape.Window _ -> true;
            case Shape.Newest _ -> false;
        };
    }

    Vector vector() {
        return vector;
    }

    /// Takes in an event of the entity that was not read before; one behind that which the vector
    /// was written with is none of its own.
    void add(Observation observation, ConsumerRecord<byte[], byte[]> record, Position position) {
        if (record.offset() <= vector.event().offset()) {
            found.add(observation, event(record, position, observation.timeMicros()));
        }
    }

    private Event event(ConsumerRecord<byte[], byte[]> record, Position position, long timeMicros) {
        // A vector that is the event has an origin too, which is its own.
        boolean isVector = flow.compiled().sourceView().isPresent();
        return flow.rekeys()
                ? new Event(
                        EventHeader.position(record.headers(), EventHeaders.ORIGIN)
                                .orElse(position),
                        timeMicros,
                        EventHeader.identity(record.headers()),
                        Optional.empty())
                : new Event(
                        position,
                        timeMicros,
                        EventHeader.identity(record.headers()),
                        isVector ? EventHeader.origin(record.headers()) : Optional.empty());
    }

    /// The first offset that is still needed; `end` where nothing is.
    long needed(long end) {
        long first = end;
        for (int output = 0; output < bounds.length; output++) {
            if (!found.isSettled(output)) {
                first = Math.min(first, bounds[output]);
            }
        }
        return first;
    }

    /// What was found.
    ///
    /// @param from the first offset that was read
    /// @param start the first offset that is kept
    List<OfFeature> features(long from, long start) {
        List<SourceEvents.Found<Event>> all = found.found();
        List<OfFeature> features = new ArrayList<>();
        for (int output = 0; output < bounds.length; output++) {
            SourceEvents.Found<Event> one = all.get(output);
            boolean complete =
                    found.isSettled(output) || (isOfWindow(output) && isWhole(output, from, start));
            boolean decided = complete || found.isDecided(output);
            features.add(
                    new OfFeature(
                            one.count(),
                            complete,
                            one.newest(),
                            decided ? one.deciding() : List.of()));
        }
        return features;
    }

    /// Whether all from a bound on was read and is kept. One of append times is where something
    /// older is kept still: then nothing behind it is deleted.
    private boolean isWhole(int output, long from, long start) {
        long bound = bounds[output];
        boolean isKept = start == 0 || (exact[output] ? start <= bound : start < bound);
        return from <= bound && isKept;
    }
}
