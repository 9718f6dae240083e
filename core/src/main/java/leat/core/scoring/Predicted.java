package leat.core.scoring;

import java.util.List;

/// What a model says of one row.
public sealed interface Predicted {

    /// The values that were asked for, by position: numbers, booleans or texts.
    ///
    /// @param version who said so, `failure-risk/3`
    record Values(List<Object> values, String version) implements Predicted {
        public Values {
            values = List.copyOf(values);
        }
    }

    /// It said nothing.
    record Failed(String why) implements Predicted {}
}
