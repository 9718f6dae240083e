package leat.core.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last event by the order of an entity's events.
///
/// @param values of the series that have an output of it, in the order of the series
record NewestEvent(long timeMicros, int partition, long offset, List<@Nullable Object> values) {

    NewestEvent {
        values = Collections.unmodifiableList(values);
    }

    static NewestEvent of(Observation observation, Layout layout) {
        List<@Nullable Object> values = new ArrayList<>(layout.newestCount());
        for (int i = 0; i < layout.newestCount(); i++) {
            values.add(Values.value(observation, layout.newestSeries(i)));
        }
        return new NewestEvent(
                observation.timeMicros(), observation.partition(), observation.offset(), values);
    }

    boolean before(Observation other) {
        if (timeMicros != other.timeMicros()) {
            return timeMicros < other.timeMicros();
        }
        return partition != other.partition()
                ? partition < other.partition()
                : offset < other.offset();
    }

    boolean is(Stamped other) {
        return timeMicros == other.timeMicros()
                && partition == other.partition()
                && offset == other.offset();
    }

    Stamped stamp(Object value) {
        return new Stamped(value, timeMicros, partition, offset);
    }
}
