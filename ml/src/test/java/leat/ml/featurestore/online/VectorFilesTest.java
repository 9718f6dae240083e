package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.event.TopicId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFilesTest {

    private static final String TOPIC = "leat.latest.driving.v1";
    private static final TopicId FIRST = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final TopicId SECOND = new TopicId("BBBBBBBBBBBBBBBBBBBBBB");

    @TempDir private Path folder;

    @Test
    void vectorsAndPositionsAreThereAfterARestart() {
        try (VectorFiles files = open()) {
            write(files, files.family(TOPIC, FIRST), "a", 7);
        }

        try (VectorFiles files = open()) {
            VectorFiles.Family family = files.family(TOPIC, FIRST);

            assertThat(json(files, family, "a")).contains(json("a"));
            assertThat(json(files, family, "b")).isEmpty();
            assertThat(files.position(family, 3)).hasValue(7);
            assertThat(files.position(family, 2)).isEmpty();
            assertThat(files.synced(family)).contains(Instant.ofEpochMilli(1_000));
        }
    }

    @Test
    void aTopicThatWasMadeAgainHasNothingOfTheEarlierOne() {
        try (VectorFiles files = open()) {
            write(files, files.family(TOPIC, FIRST), "a", 7);

            VectorFiles.Family second = files.family(TOPIC, SECOND);

            assertThat(json(files, second, "a")).isEmpty();
            assertThat(files.position(second, 3)).isEmpty();
            assertThat(json(files, files.family(TOPIC, FIRST), "a"))
                    .as("the earlier one is gone")
                    .isEmpty();
        }
    }

    @Test
    void aReaderThatHoldsADroppedFamilyStillReadsIt() {
        try (VectorFiles files = open()) {
            VectorFiles.Family first = files.family(TOPIC, FIRST);
            write(files, first, "a", 7);

            files.family(TOPIC, SECOND);

            assertThat(json(files, first, "a")).isPresent();
        }
    }

    @Test
    void aRenewedFamilyIsEmptyAndStaysSo() {
        try (VectorFiles files = open()) {
            VectorFiles.Family first = files.family(TOPIC, FIRST);
            write(files, first, "a", 7);

            assertThat(json(files, files.renewed(first), "a")).isEmpty();
        }

        try (VectorFiles files = open()) {
            assertThat(json(files, files.family(TOPIC, FIRST), "a")).isEmpty();
        }
    }

    @Test
    void whatIsOfNoViewIsRemoved() {
        try (VectorFiles files = open()) {
            write(files, files.family(TOPIC, FIRST), "a", 7);
            write(files, files.family("leat.latest.tyres.v1", FIRST), "a", 7);

            files.keepOnly(List.of(TOPIC));

            assertThat(json(files, files.family(TOPIC, FIRST), "a")).isPresent();
            assertThat(json(files, files.family("leat.latest.tyres.v1", FIRST), "a")).isEmpty();
        }
    }

    @Test
    void aSecondProcessIsRefusedWithTheRemedy() {
        try (VectorFiles _ = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(OnlineUnavailable.class)
                    .hasMessageContaining("cannot be opened")
                    .extracting(e -> ((OnlineUnavailable) e).remedy())
                    .asString()
                    .contains("end the other process");
        }
    }

    @Test
    void whoReadsAfterTheEndIsToldSo() {
        VectorFiles files = open();
        VectorFiles.Family family = files.family(TOPIC, FIRST);
        files.close();

        assertThatThrownBy(() -> files.vectors(family, List.of("a")))
                .isInstanceOf(OnlineUnavailable.class);
    }

    private VectorFiles open() {
        return VectorFiles.open(folder.resolve("online"), DataSize.mebibytes(1));
    }

    private static void write(
            VectorFiles files, VectorFiles.Family family, String entity, long next) {
        try (VectorFiles.Changes changes = new VectorFiles.Changes(family)) {
            changes.put(
                    entity.getBytes(UTF_8),
                    StoredVector.read(json(entity).getBytes(UTF_8)).orElseThrow());
            changes.position(3, next);
            changes.synced(Instant.ofEpochMilli(1_000));
            files.write(changes);
        }
    }

    private static Optional<String> json(
            VectorFiles files, VectorFiles.Family family, String entity) {
        Optional<String> alone =
                files.vectors(family, List.of(entity))
                        .getFirst()
                        .map(vector -> new String(vector.json(), UTF_8));
        assertThat(
                        files.vectors(family, List.of("other", entity))
                                .getLast()
                                .map(vector -> new String(vector.json(), UTF_8)))
                .isEqualTo(alone);
        return alone;
    }

    private static String json(String entity) {
        return "{\"entity\":\"" + entity + "\",\"query_time\":\"2026-11-21T10:00:00.000000Z\"}";
    }
}
