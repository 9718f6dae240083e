package leat.stream.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.event.Names;
import org.apache.kafka.common.config.TopicConfig;

/// A topic as a contract wants it.
///
/// @param config the topic properties that Leat sets; others are the operator's business
public record TopicSpec(String name, int partitions, Map<String, String> config) {

    public TopicSpec {
        config = Map.copyOf(config);
    }

    private static final Duration LONGEST_UNCOMPACTED = Duration.ofDays(1);

    /// All topics of a contract: raw, enriched, the dead letters of each stage, the newest events
    /// where it is reference data, and what is needed for the return of dead letters.
    public static List<TopicSpec> of(Names names, Contract contract) {
        List<TopicSpec> topics = new ArrayList<>();
        topics.add(topic(names.raw(contract), contract, "LogAppendTime"));
        topics.add(topic(names.enriched(contract), contract, "CreateTime"));
        for (Names.DeadStage stage : Names.DeadStage.values()) {
            topics.add(topic(names.dead(contract, stage), contract, "CreateTime"));
        }
        if (contract.reference().isPresent()) {
            topics.add(compacted(names.latest(contract), contract.log().partitions()));
        }
        // What comes back to a sink is kept from then on, however old the event is.
        for (Names.DeadStage sink : List.of(Names.DeadStage.SEARCH, Names.DeadStage.LAKE)) {
            topics.add(topic(names.retry(contract, sink), contract, "LogAppendTime"));
        }
        topics.add(topic(names.retries(contract), contract, "LogAppendTime"));
        return List.copyOf(topics);
    }

    /// The topics of a feature view: all its vectors, kept as long as the events that they are made
    /// of, and the newest of each entity.
    ///
    /// @param source the contract whose events the view sees; its partitions are the view's
    /// @param vectors the contract of the view's vectors
    public static List<TopicSpec> ofView(Names names, Contract source, Contract vectors) {
        return List.of(
                // The time of a vector's record is when it could be served.
                topic(names.vectors(vectors), source, "LogAppendTime"),
                compacted(names.latest(vectors), source.log().partitions()));
    }

    /// The topic of a feature view's events, each on its entity's partition; kept as long as they
    /// are in the source.
    ///
    /// @param source the contract whose events the view sees
    /// @param vectors the contract of the view's vectors
    public static TopicSpec rekeyed(Names names, Contract source, Contract vectors) {
        return topic(names.rekeyed(vectors), source, "CreateTime");
    }

    /// The topics of predictions, kept as long as the vectors that they are made of: all of them,
    /// and those that search refused.
    public static List<TopicSpec> ofPredictions(Names names, Contract predictions) {
        return List.of(
                // The time of a prediction's record is when it could be known.
                topic(names.predictions(predictions), predictions, "LogAppendTime"),
                topic(names.dead(predictions, Names.DeadStage.SEARCH), predictions, "CreateTime"));
    }

    /// A topic of one partition for what matters only at the moment; an hour of it is kept.
    public static TopicSpec passing(String name) {
        return new TopicSpec(
                name,
                1,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(Duration.ofHours(1).toMillis()),
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(16 << 20)));
    }

    private static TopicSpec topic(String name, Contract contract, String timestampType) {
        Map<String, String> config = new TreeMap<>();
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, timestampType);
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        config.put(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(retentionMillis(contract.log().retention())));
        config.put(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(LogConnection.MAX_RECORD_BYTES));
        return new TopicSpec(name, contract.log().partitions(), config);
    }

    /// A topic that keeps the newest record of each key, however old it is.
    public static TopicSpec compacted(String name, int partitions) {
        return new TopicSpec(
                name,
                partitions,
                Map.of(
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "CreateTime",
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                        Long.toString(LONGEST_UNCOMPACTED.toMillis()),
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        Integer.toString(LogConnection.MAX_RECORD_BYTES)));
    }

    private static long retentionMillis(Optional<Duration> retention) {
        return retention.map(Duration::toMillis).orElse(-1L);
    }
}
