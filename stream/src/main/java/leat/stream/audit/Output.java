package leat.stream.audit;

import java.util.Map;
import leat.stream.audit.Sighting.Place;

/// A topic whose records come from raw records.
///
/// @param place what a record in it means
/// @param bounds what of it is read
record Output(String topic, Place place, Map<Integer, OffsetRange> bounds) {
    Output {
        bounds = Map.copyOf(bounds);
    }
}
