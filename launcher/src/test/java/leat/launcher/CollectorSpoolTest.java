package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.stream.spool.Spool;
import leat.stream.spool.SpoolSettings;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CollectorSpoolTest {

    private static final Names NAMES = new Names("leat");
    private static final Instant ACCEPTED = Instant.parse("2026-05-04T03:02:01Z");

    @TempDir private Path folder = Path.of("");

    @Test
    void countsAContractsEventsAndNamesThoseOnTheirWayToRaw() throws Exception {
        // Given
        List<Contract> contracts =
                OdcsReader.readFolder(Path.of("..", "examples", "connected-car", "contracts"))
                        .orThrow()
                        .all();
        Contract one = contracts.getFirst();
        Contract other = contracts.getLast();
        try (Spool spool =
                Spool.open(new SpoolSettings(folder, 1 << 20), InstantSource.fixed(ACCEPTED))) {
            spool.append(
                    List.of(
                            entry(NAMES.raw(one), "1"),
                            entry(NAMES.dead(one, Names.DeadStage.COLLECTOR), "2"),
                            entry(NAMES.raw(other), "3")));
            spool.awaitWritten();
        }
        CollectorSpool spool = new CollectorSpool(folder, NAMES);

        // When
        List<Hash128> identities = new ArrayList<>();
        spool.standing(one, identities::add);

        // Then
        assertThat(identities).containsExactly(Hash128.of("cars", "1"));
        assertThat(spool.standings().of(one))
                .isEqualTo(new CollectorSpool.Standing(2, ACCEPTED.toEpochMilli()));
        assertThat(new CollectorSpool(folder.resolve("none"), NAMES).standings().of(one))
                .isEqualTo(new CollectorSpool.Standing(0, 0));
    }

    private static Spool.Entry entry(String topic, String id) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, "k".getBytes(UTF_8), "{}".getBytes(UTF_8));
        record.headers()
                .add(EventHeaders.SOURCE, "cars".getBytes(UTF_8))
                .add(EventHeaders.ID, id.getBytes(UTF_8));
        return new Spool.Entry(
                record,
                new Spool.Fate() {
                    @Override
                    public void durable() {
                        // What was written is looked at.
                    }

                    @Override
                    public void lost(Exception cause) {
                        throw new AssertionError(cause);
                    }
                });
    }
}
