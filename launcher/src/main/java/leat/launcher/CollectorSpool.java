package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
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

    /// What stands there of one contract.
    ///
    /// @param oldestMillis when the oldest of it was accepted; 0 when there is none
    public record Standing(long events, long oldestMillis) {}

    /// Counts a contract's events, its dead letters included.
    public Standing standing(Contract contract) {
        long[] seen = new long[2];
        String dead = names.dead(contract, Names.DeadStage.COLLECTOR);
        String raw = names.raw(contract);
        StandingEvents.visit(
                folder,
                (record, writtenMillis) -> {
                    if (record.topic().equals(raw) || record.topic().equals(dead)) {
                        if (seen[0] == 0) {
                            seen[1] = writtenMillis;
                        }
                        seen[0]++;
                    }
                });
        return new Standing(seen[0], seen[1]);
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
