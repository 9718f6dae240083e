package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.launcher.config.Workspace;
import leat.stream.audit.SpoolSource;
import leat.stream.spool.StandingEvents;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/// The spool of a collector that runs in this workspace, seen from outside of it.
///
/// @param folder where it is, if there is one
public record CollectorSpool(Path folder, Names names) implements SpoolSource {

    /// The spool that the workspace names.
    public static CollectorSpool of(Workspace workspace) {
        return new CollectorSpool(
                workspace.config().collector().spool().in(workspace.folder()), workspace.names());
    }

    /// What stands there of one contract, or on its way to one topic.
    ///
    /// @param oldestMillis when the oldest of it was accepted; 0 when there is none
    public record Standing(long events, long oldestMillis) {

        private static final Standing NONE = new Standing(0, 0);

        private Standing and(Standing other) {
            if (events == 0 || other.events == 0) {
                return events == 0 ? other : this;
            }
            return new Standing(events + other.events, Math.min(oldestMillis, other.oldestMillis));
        }
    }

    /// What stands there, by the topic that it is on its way to.
    public record Standings(Map<String, Standing> byTopic, Names names) {

        public Standings {
            byTopic = Map.copyOf(byTopic);
        }

        /// A contract's events, its dead letters included.
        public Standing of(Contract contract) {
            String dead = names.dead(contract, Names.DeadStage.COLLECTOR);
            return onTheWayTo(names.raw(contract)).and(onTheWayTo(dead));
        }

        private Standing onTheWayTo(String topic) {
            return byTopic.getOrDefault(topic, Standing.NONE);
        }
    }

    /// Counts all that stands there, in one pass.
    public Standings standings() {
        Map<String, Standing> byTopic = new HashMap<>();
        StandingEvents.visit(
                folder,
                (record, writtenMillis) ->
                        byTopic.merge(
                                record.topic(), new Standing(1, writtenMillis), Standing::and));
        return new Standings(byTopic, names);
    }

    @Override
    public void standing(Contract contract, Consumer<Hash128> identities) {
        String raw = names.raw(contract);
        StandingEvents.visit(
                folder,
                (record, _) -> {
                    if (record.topic().equals(raw)) {
                        identities.accept(
                                Hash128.of(
                                        text(record, EventHeaders.SOURCE),
                                        text(record, EventHeaders.ID)));
                    }
                });
    }

    private static String text(ProducerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}
