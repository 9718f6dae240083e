package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.model.AliasMove;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.ModelInfo;
import leat.core.model.ModelRecord;
import leat.core.model.VersionInfo;
import leat.core.tracking.LifecycleStage;
import leat.ml.fold.RecordUnreadable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelRecordsTest {

    private static final ModelRecords RECORDS = new ModelRecords("leat.models");

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
        return new ConsumerRecord<>(written.topic(), 0, 7, written.key(), written.value());
    }

    static Stream<ModelRecord> records() {
        return Stream.of(
                new ModelRecord.OfModel(
                        "i1", Optional.of(new ModelInfo("i1", "größe", "d", 1, 2, 3, true))),
                new ModelRecord.OfModel("i1", Optional.empty()),
                new ModelRecord.ModelTag("i1", "alias/version/x", Optional.of("")),
                new ModelRecord.ModelTag("i1", "k", Optional.empty()),
                new ModelRecord.OfAlias(
                        "i1",
                        "tag",
                        List.of(
                                new AliasMove("m", AliasMove.Kind.BACK, 4, 9, "gates", "größer"),
                                new AliasMove("", AliasMove.Kind.ON, 5, 8, "", ""))),
                new ModelRecord.OfAlias("i1", "champion", List.of()),
                new ModelRecord.OfVersion(
                        "i1",
                        3,
                        Optional.of(
                                new VersionInfo(
                                        "c", 3, "models:/m-1", "r", "m-1", "http://x", "d", 1, 2))),
                new ModelRecord.OfVersion(
                        "i1",
                        4,
                        Optional.of(
                                new VersionInfo(
                                        "c",
                                        4,
                                        "s3://b/m",
                                        "",
                                        "",
                                        "",
                                        "",
                                        1,
                                        2,
                                        Optional.of(
                                                new StoredFiles(
                                                        "s3://b/m",
                                                        List.of(
                                                                new StoredFile(
                                                                        "größe/a.onnx",
                                                                        20L << 30,
                                                                        "ab-2"))))))),
                new ModelRecord.OfVersion("i1", 3, Optional.empty()),
                new ModelRecord.VersionTag("i1", 3, "a/tag/b", Optional.of("v")),
                new ModelRecord.VersionTag("i1", 3, "a", Optional.empty()),
                new ModelRecord.OfLogged(
                        new LoggedModelInfo(
                                "m-1",
                                "0",
                                "n",
                                "t",
                                "r",
                                "mlflow-artifacts:/0/models/m-1/artifacts",
                                LoggedModelStatus.LOGGED_MODEL_READY,
                                LifecycleStage.DELETED,
                                5,
                                6)),
                new ModelRecord.LoggedParam("m-1", "a/b", "v"),
                new ModelRecord.LoggedTag("m-1", "param", Optional.of("v")),
                new ModelRecord.LoggedTag("m-1", "param", Optional.empty()),
                new ModelRecord.OfRunModel("r", "m-1", OptionalLong.of(9)),
                new ModelRecord.OfRunModel("r", "m-1", OptionalLong.empty()));
    }

    @ParameterizedTest
    @MethodSource("records")
    void aRecordIsReadAsItWasWritten(ModelRecord record) {
        assertThat(RECORDS.read(read(RECORDS.of(record)))).isEqualTo(record);
    }

    @Test
    void anArtifactIsReadAsItWasWritten() {
        ArtifactRecords records = new ArtifactRecords("leat.artifacts");
        ArtifactPath path = new ArtifactPath("0/r/artifacts/größe.bin");
        Artifact artifact = new Artifact(path, "u", 20L << 30, "ab", 23, 5, 27, 9);

        assertThat(records.read(read(records.of(artifact))))
                .isEqualTo(new ArtifactRecords.Read(path, Optional.of(artifact)));
        assertThat(records.read(read(records.deleted(path))))
                .isEqualTo(new ArtifactRecords.Read(path, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model/a/other/x", "x", "version/a/b", "run/r/x/y"})
    void recordsOfOthersAreRefusedWithTheirPlace(String key) {
        assertThatThrownBy(() ->
                        RECORDS.read(
                                new ConsumerRecord<>(
                                        "leat.models",
                                        0,
                                        7,
                                        key.getBytes(UTF_8),
                                        "{\"format\":1}".getBytes(UTF_8))))
                .isInstanceOf(RecordUnreadable.class)
                .hasMessageStartingWith("record 7 of topic leat.models is none that this program");
    }
}
