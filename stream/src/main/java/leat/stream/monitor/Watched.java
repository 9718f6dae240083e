package leat.stream.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.quality.RuleTest;
import org.apache.kafka.common.TopicPartition;

/// A contract that has rules, with the partitions that its events come from. Those of a feature
/// view's are its vectors.
final class Watched {

    private final Contract contract;
    private final List<RuleTest> tests;
    private final Map<String, Kind> topics = new TreeMap<>();
    private final Optional<String> raw;

    /// What a topic holds.
    enum Kind {
        ENRICHED("enriched"),
        DEAD_ENRICHER("dead-enricher"),
        /// Its timestamps are those of several collectors, and so in no order.
        DEAD_COLLECTOR("dead-collector"),
        /// Its timestamps are the broker's.
        VECTORS("vectors");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// Whether the enricher writes it, from raw.
        boolean followsRaw() {
            return this == ENRICHED || this == DEAD_ENRICHER;
        }

        /// Whether no later record of a partition is older.
        boolean isOrdered() {
            return this != DEAD_COLLECTOR;
        }
    }

    private Watched(Contract contract, Optional<String> raw, Map<String, Kind> topics) {
        this.contract = contract;
        this.tests = RuleTest.of(contract);
        this.raw = raw;
        this.topics.putAll(topics);
    }

    /// The events of a contract.
    static Watched events(Names names, Contract contract) {
        return new Watched(
                contract,
                Optional.of(names.raw(contract)),
                Map.of(
                        names.enriched(contract),
                        Kind.ENRICHED,
                        names.dead(contract, DeadStage.ENRICHER),
                        Kind.DEAD_ENRICHER,
                        names.dead(contract, DeadStage.COLLECTOR),
                        Kind.DEAD_COLLECTOR));
    }

    /// The vectors of a feature view.
    ///
    /// @param vectors their contract
    static Watched vectors(Names names, Contract vectors) {
        return new Watched(vectors, Optional.empty(), Map.of(names.vectors(vectors), Kind.VECTORS));
    }

    Contract contract() {
        return contract;
    }

    String name() {
        return contract.nameAndMajor();
    }

    List<RuleTest> tests() {
        return tests;
    }

    List<String> topics() {
        return List.copyOf(topics.keySet());
    }

    /// What a topic of this contract holds; empty for one of another's.
    Optional<Kind> kind(String topic) {
        return Optional.ofNullable(topics.get(topic));
    }

    /// A partition that events come from.
    ///
    /// @param id as in the inputs, `enriched/0`
    /// @param raw the partition that the enricher makes it of; empty where it makes nothing of it
    record Source(String id, TopicPartition partition, Optional<TopicPartition> raw) {}

    List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (int p = 0; p < contract.log().partitions(); p++) {
            int partition = p;
            topics.forEach((topic, kind) ->
                    sources.add(
                            new Source(
                                    id(kind, partition),
                                    new TopicPartition(topic, partition),
                                    raw.filter(_ -> kind.followsRaw())
                                            .map(name -> new TopicPartition(name, partition)))));
        }
        return sources;
    }

    static String id(Kind kind, int partition) {
        return kind.word + "/" + partition;
    }
}
