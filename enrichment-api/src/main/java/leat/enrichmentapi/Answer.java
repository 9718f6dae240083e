package leat.enrichmentapi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a look-up says to a key.
sealed interface Answer {

    /// Something is known of the key.
    ///
    /// @param fields texts, longs, doubles, booleans and exact decimals, in the look-up's order
    /// @param seen what the answer rests on; may be empty
    record Found(Map<String, Object> fields, String seen) implements Answer {
        public Found {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /// Nothing is known of the key.
    record Missing(String seen) implements Answer {}

    /// The key cannot be answered.
    record Failed(String why) implements Answer {}
}
