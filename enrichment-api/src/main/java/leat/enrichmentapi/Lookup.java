package leat.enrichmentapi;

import java.util.List;
import java.util.Optional;

/// Something that is asked for values of events. Safe for many threads.
interface Lookup {

    /// The name it is called by.
    String name();

    /// `reference`, `csv` or `model`.
    String kind();

    /// The names of the fields that answers can have.
    List<String> fields();

    /// Why it cannot answer now; empty when it can.
    Optional<String> trouble();

    /// The answers in the order of the questions, one each.
    List<Answer> find(List<Question> questions);
}
