package leat.core.feature;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a view takes from one event.
///
/// @param entity whose event it is
/// @param timeMicros when it happened, microseconds since 1970
/// @param partition of the source topic
/// @param offset in it
/// @param values one a series of the view's [Shape], null where the event gives it none; integers
///   of a series of numbers are doubles already
public record Observation(
        String entity, long timeMicros, int partition, long offset, List<@Nullable Object> values) {

    public Observation {
        values = Collections.unmodifiableList(values);
    }
}
