package leat.ml.scorer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.prediction.Term;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.common.TopicPartition;

/// The terms of one partition of vectors: which versions predict of which of them.
///
/// @param terms in the order of their positions
public record Terms(List<Term> terms) {

    public Terms {
        terms = List.copyOf(terms);
    }

    /// All terms of a scoring, of all partitions.
    ///
    /// @param scoring `failure-risk.v1`
    /// @throws LogUnavailable when Kafka does not answer
    public static List<Term> all(LogReader reader, Names names, String scoring) {
        List<Term> terms = new ArrayList<>();
        each(reader, names, scoring, (term, _) -> terms.add(term));
        return terms;
    }

    /// Each of them with the time in milliseconds at which it was written.
    static void each(
            LogReader reader, Names names, String scoring, BiConsumer<Term, Long> consumer) {
        TermRecords records = new TermRecords(names.scoring());
        TopicPartition topic = new TopicPartition(names.scoring(), 0);
        reader.read(
                topic,
                0,
                reader.end(topic),
                record ->
                        records.read(record)
                                .filter(term -> term.scoring().equals(scoring))
                                .ifPresent(term -> consumer.accept(term, record.timestamp())));
    }

    /// Reads them from the log.
    ///
    /// @param topic the id of the topic of vectors
    /// @throws LogUnavailable when Kafka does not answer
    static Terms read(LogReader reader, Names names, String scoring, TopicId topic, int partition) {
        List<Term> terms = new ArrayList<>(all(reader, names, scoring));
        terms.removeIf(
                term -> !term.from().topic().equals(topic) || term.from().partition() != partition);
        terms.sort(Comparator.comparingLong(term -> term.from().offset()));
        return new Terms(terms);
    }

    /// The term in which a vector is; empty where it was not scored.
    public Optional<Term> at(Position vector) {
        return terms.stream()
                .filter(term -> term.from().offset() <= vector.offset())
                .reduce((_, later) -> later);
    }

    /// The newest term.
    Optional<Term> last() {
        return terms.isEmpty() ? Optional.empty() : Optional.of(terms.getLast());
    }
}
