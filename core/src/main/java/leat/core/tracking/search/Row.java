package leat.core.tracking.search;

import java.util.Optional;

/// Something that is searched.
@FunctionalInterface
interface Row {

    /// Empty where it has none.
    Optional<FieldValue> value(Field field);
}
