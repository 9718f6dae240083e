package leat.ml.featurestore;

import java.util.Map;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.stream.log.LogConnection;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The topology of one view: its source's topic, one processor with a store of tiles, the two
/// topics of vectors. Before it, where the source is not kept together by the view's entities, a
/// part that brings the events to their partitions, with positions of its own. The names in it are
/// part of the state's: who changes one loses the state.
final class ViewTopology {

    static final String TILES = "tiles";
    static final String VECTORS = "vectors";
    static final String LATEST = "latest";
    private static final String SOURCE = "source";
    private static final String REKEYER = "rekeyer";
    private static final String REKEYED = "rekeyed";
    private static final String EVENTS = "events";
    private static final String VIEW = "view";

    private ViewTopology() {}

    /// The ids of the topics that a view reads.
    ///
    /// @param source the source's, [FeatureFlow#sourceTopic]
    /// @param input [FeatureFlow#input], which is the same where the view does not rekey
    record Ids(TopicId source, TopicId input) {}

    static Topology of(
            FeatureFlow flow,
            Names names,
            Ids ids,
            EntityMemory memory,
            FeatureMetrics metrics,
            CommitPace pace) {
        Topology topology = new Topology();
        if (flow.rekeys()) {
            addSource(topology, SOURCE, flow.sourceTopic(names));
            topology.addProcessor(
                    REKEYER, () -> new Rekeyer(flow, ids.source(), metrics, pace), SOURCE);
            // The entity's partition is that of its key's hash.
            topology.addSink(
                    REKEYED,
                    flow.input(names),
                    Serdes.ByteArray().serializer(),
                    Serdes.ByteArray().serializer(),
                    REKEYER);
        }
        addSource(topology, EVENTS, flow.input(names));
        BeforeCommit beforeCommit = new BeforeCommit();
        topology.addProcessor(
                VIEW,
                () -> new ViewProcessor(flow, ids.input(), memory, metrics, pace, beforeCommit),
                EVENTS);
        topology.addStateStore(beforeCommit.store(), VIEW);
        topology.addStateStore(tiles(), VIEW);
        addSink(topology, VECTORS, names.vectors(flow.vectors()));
        addSink(topology, LATEST, names.latest(flow.vectors()));
        return topology;
    }

    private static void addSource(Topology topology, String node, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                node,
                // A foreign producer's record may have none.
                (record, _) -> Math.max(0, record.timestamp()),
                Serdes.ByteArray().deserializer(),
                Serdes.ByteArray().deserializer(),
                topic);
    }

    /// Without a cache: a tile is written once a transaction.
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> tiles() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(TILES), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(
                        Map.of(
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                Integer.toString(LogConnection.MAX_RECORD_BYTES)));
    }

    private static void addSink(Topology topology, String node, String topic) {
        topology.addSink(
                node,
                topic,
                RoutedKey.serializer(),
                Serdes.ByteArray().serializer(),
                RoutedKey.partitioner(),
                VIEW);
    }
}
