package leat.core.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Output;
import leat.core.feature.Shape.Window;

/// Which of an entity's events the features of one of its vectors are a function of, by the rules
/// of `docs/decisions/feature-views.md`: of a window those in it that have a value for the feature,
/// of a row feature the newest one. All are counted, the newest are kept and those that alone
/// decide the value, so that it takes no more memory for a window of a million events. They are
/// added in any order.
///
/// Not for use by several threads at a time.
///
/// @param <E> what is kept of an event
public final class SourceEvents<E> {

    private final long queryMicros;
    private final int most;
    private final List<Tally<E>> tallies = new ArrayList<>();

    private SourceEvents(Shape shape, long queryMicros, int most) {
        if (most < 1) {
            throw new IllegalArgumentException("the newest " + most + " events");
        }
        this.queryMicros = queryMicros;
        this.most = most;
        Layout layout = Layout.of(shape);
        for (Output output : shape.outputs()) {
            tallies.add(
                    switch (output) {
                        case Newest _ -> new Tally<>(output, queryMicros - 1);
                        case Window(_, _, long micros) ->
                                new Tally<>(
                                        output, layout.from(layout.window(micros), queryMicros));
                    });
        }
    }

    /// Of a vector that no event is known of yet.
    ///
    /// @param queryMicros the vector's query time
    /// @param most how many of a window's newest events are kept, at least one
    public static <E> SourceEvents<E> of(Shape shape, long queryMicros, int most) {
        return new SourceEvents<>(shape, queryMicros, most);
    }

    /// The events of one feature.
    ///
    /// @param count of all of them
    /// @param newest of them, the newest first, at most as many as are kept
    /// @param deciding of them, the newest first, those that alone decide the value, whatever the
    ///   others are: of `min`, `max`, `first`, `last` and `age` one, of `rate` the two ends, of a
    ///   row feature its event; of other aggregates none
    public record Found<E>(long count, List<E> newest, List<E> deciding) {
        public Found {
            newest = List.copyOf(newest);
            deciding = List.copyOf(deciding);
        }
    }

    /// What is known of one output.
    private static final class Tally<E> {
        private final Output output;
        private final long fromMicros;
        private final PriorityQueue<Kept<E>> newest = new PriorityQueue<>(Kept.order());
        private final Deciding<E> deciding;
        private long count;

        Tally(Output output, long fromMicros) {
            this.output = output;
            this.fromMicros = fromMicros;
            this.deciding =
                    Deciding.of(
                            switch (output) {
                                case Newest _ -> Aggregate.LAST;
                                case Window(_, Aggregate aggregate, _) -> aggregate;
                            });
        }

        void add(Observation observation, Kept<E> event, int most) {
            if (event.timeMicros() < fromMicros) {
                return;
            }
            switch (output) {
                case Newest _ -> {
                    keep(event, 1);
                    deciding.add(event, event);
                    count = 1;
                }
                case Window(int series, _, _) -> {
                    Object value = Values.value(observation, series);
                    if (value != null) {
                        keep(event, most);
                        deciding.add(value, event);
                        count++;
                    }
                }
            }
        }

        private void keep(Kept<E> event, int many) {
            newest.add(event);
            if (newest.size() > many) {
                newest.remove();
            }
        }

        Found<E> found() {
            return new Found<>(
                    count,
                    newest.stream().sorted(Kept.<E>order().reversed()).map(Kept::event).toList(),
                    deciding.found());
        }
    }

    /// Adds an event of the entity that was not added before and that the vector knows: one that
    /// the view had seen when it wrote it. What happened at the query time or later is not among
    /// these, and is passed over.
    public void add(Observation observation, E event) {
        if (observation.timeMicros() >= queryMicros) {
            return;
        }
        Kept<E> kept = Kept.of(observation, event);
        tallies.forEach(tally -> tally.add(observation, kept, most));
    }

    /// The first event time that matters to each output, in the order of [Shape#outputs]; that of a
    /// row feature is the newest event's.
    public List<Long> fromMicros() {
        return tallies.stream().map(tally -> tally.fromMicros).toList();
    }

    /// Whether an output is known whatever events of earlier times, or of the same time and earlier
    /// positions, there may be besides: that of a row feature, once its event was added.
    public boolean isSettled(int output) {
        Tally<E> tally = tallies.get(output);
        return tally.output instanceof Newest && tally.count > 0;
    }

    /// Whether it is known which event decides an output, whatever else there may be besides as in
    /// [#isSettled]: the one of the vector's newest time, where it is the newest that decides.
    public boolean isDecided(int output) {
        return tallies.get(output).deciding.isNewestOf(queryMicros - 1);
    }

    /// What was found, in the order of [Shape#outputs].
    public List<Found<E>> found() {
        return tallies.stream().map(Tally::found).toList();
    }
}
