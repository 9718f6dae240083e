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

/// A contract that has rules, with the partitions that its events come from.
final class Watched {

    private final Contract contract;
    private final List<RuleTest> tests;
    private final Map<String, Kind> topics = new TreeMap<>();
    private final String raw;

    /// What a topic holds.
    enum Kind {
        ENRICHED("enriched"),
        DEAD_ENRICHER("dead-enricher"),
        /// Its timestamps are those of several collectors, and so in no order.
        DEAD_COLLECTOR("dead-collector");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// Whether the enricher writes it, from raw.
        boolean followsRaw() {
            return this != DEAD_COLLECTOR;
        }
    }

    Watched(Names names, Contract contract) {
        this.contract = contract;
        this.tests = RuleTest.of(contract);
        this.raw = names.raw(contract);
        topics.put(names.enriched(contract), Kind.ENRICHED);
        topics.put(names.dead(contract, DeadStage.ENRICHER), Kind.DEAD_ENRICHER);
        topics.put(names.dead(contract, DeadStage.COLLECTOR), Kind.DEAD_COLLECTOR);
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
    /// @param raw the partition that it is made of
    record Source(String id, TopicPartition partition, TopicPartition raw, boolean followsRaw) {}

    List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (int p = 0; p < contract.log().partitions(); p++) {
            int partition = p;
            topics.forEach((topic, kind) ->
                    sources.add(
                            new Source(
                                    id(kind, partition),
                                    new TopicPartition(topic, partition),
                                    new TopicPartition(raw, partition),
                                    kind.followsRaw())));
        }
        return sources;
    }

    static String id(Kind kind, int partition) {
        return kind.word + "/" + partition;
    }
}
