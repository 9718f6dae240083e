package leat.enrichmentapi;

import java.util.List;
import java.util.Optional;

/// Something that is asked for keys. Safe for many threads.
interface Lookup {

    /// The name it is called by.
    String name();

    /// `reference` or `csv`.
    String kind();

    /// The names of the fields that answers can have.
    List<String> fields();

    /// Why it cannot answer now; empty when it can.
    Optional<String> trouble();

    Answer find(String key);
}
