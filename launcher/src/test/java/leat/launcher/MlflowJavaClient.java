package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.RunsPage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A program that uses MLflow's own client in Java, and checks what comes back. Files it has moved
/// by Python, which the variable `MLFLOW_PYTHON_EXECUTABLE` names; where the server is, the
/// variable `MLFLOW_TRACKING_URI` says.
final class MlflowJavaClient {

    private final MlflowClient client;

    private MlflowJavaClient(MlflowClient client) {
        this.client = client;
    }

    public static void main(String[] folder) throws IOException {
        try (MlflowClient client = new MlflowClient()) {
            MlflowJavaClient program = new MlflowJavaClient(client);
            String experiment = program.experiment();
            String run = program.run(experiment);
            program.searched(experiment, run);
            program.artifacts(run, Path.of(folder[0]));
            program.versions(run);
        }
        System.out.println("found everything as it should be");
    }

    private String experiment() {
        String id = client.createExperiment("java");
        client.setExperimentTag(id, "team", "fleet");
        client.renameExperiment(id, "cars in Java");
        Experiment found = client.getExperimentByName("cars in Java").orElseThrow();
        assertThat(found.getExperimentId()).isEqualTo(id);
        assertThat(client.getExperimentByName("java")).isEmpty();
        assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("active");
        assertThat(client.searchExperiments("name LIKE 'cars%'").getItems())
                .extracting(Experiment::getExperimentId)
                .containsExactly(id);
        assertThat(found.getTagsList())
                .anySatisfy(tag -> assertThat(tag.getKey()).isEqualTo("team"));
        assertThatThrownBy(() -> client.createExperiment("cars in Java"))
                .isInstanceOf(MlflowHttpException.class)
                .hasMessageContaining("statusCode=400");
        client.deleteExperiment(id);
        assertThat(client.getExperiment(id).getLifecycleStage()).isEqualTo("deleted");
        client.restoreExperiment(id);
        return id;
    }

    private String run(String experiment) {
        String run = client.createRun(experiment).getRunId();
        client.logParam(run, "depth", "3");
        for (int step = 0; step < 5; step++) {
            client.logMetric(run, "loss", 1.0 / (step + 1), 1_000 + step, step);
        }
        client.setTag(run, "phase", "one");
        client.setTag(run, "gone", "soon");
        client.deleteTag(run, "gone");
        List<Metric> points =
                IntStream.range(0, 998)
                        .mapToObj(i ->
                                Metric.newBuilder()
                                        .setKey("m")
                                        .setValue(i / 7.0)
                                        .setTimestamp(1_000 + i)
                                        .setStep(i)
                                        .build())
                        .toList();
        client.logBatch(
                run,
                points,
                List.of(Param.newBuilder().setKey("rate").setValue("0.1").build()),
                List.of(RunTag.newBuilder().setKey("by").setValue("batch").build()));
        client.setTerminated(run, RunStatus.FINISHED, 9_000_000_000_000L);

        Run found = client.getRun(run);
        assertThat(found.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
        assertThat(found.getInfo().getEndTime()).isEqualTo(9_000_000_000_000L);
        assertThat(found.getData().getParamsList())
                .extracting(param -> param.getKey() + "=" + param.getValue())
                .containsExactlyInAnyOrder("depth=3", "rate=0.1");
        assertThat(found.getData().getMetricsList())
                .extracting(metric -> metric.getKey() + "=" + metric.getValue())
                .containsExactlyInAnyOrder("loss=0.2", "m=" + 997 / 7.0);
        assertThat(found.getData().getTagsList())
                .extracting(RunTag::getKey)
                .contains("phase", "by")
                .doesNotContain("gone");
        assertThat(client.getMetricHistory(run, "m")).hasSize(998);
        assertThat(client.getMetricHistory(run, "loss"))
                .extracting(Metric::getStep)
                .containsExactly(0L, 1L, 2L, 3L, 4L);
        return run;
    }

    private void searched(String experiment, String run) {
        String slow = client.createRun(experiment).getRunId();
        client.logMetric(slow, "loss", 0.7);
        client.setTerminated(slow, RunStatus.FAILED);

        assertThat(runs(experiment, "metrics.loss < 0.5", ViewType.ACTIVE_ONLY))
                .containsExactly(run);
        RunsPage first =
                client.searchRuns(
                        List.of(experiment),
                        "",
                        ViewType.ACTIVE_ONLY,
                        1,
                        List.of("metrics.loss DESC"));
        assertThat(first.getItems())
                .extracting(one -> one.getInfo().getRunId())
                .containsExactly(slow);
        assertThat(first.hasNextPage()).isTrue();
        assertThat(first.getNextPage().getItems())
                .extracting(one -> one.getInfo().getRunId())
                .containsExactly(run);
        client.deleteRun(slow);
        assertThat(runs(experiment, "", ViewType.DELETED_ONLY)).containsExactly(slow);
        client.restoreRun(slow);
    }

    private List<String> runs(String experiment, String filter, ViewType which) {
        return client.searchRuns(List.of(experiment), filter, which, 10).getItems().stream()
                .map(run -> run.getInfo().getRunId())
                .toList();
    }

    private void artifacts(String run, Path folder) throws IOException {
        Path file = folder.resolve("notes.txt");
        Files.writeString(file, "what was tried");
        client.logArtifact(run, file.toFile(), "model");

        // Without the client's way by Python, which takes seconds each time.
        JsonNode listed =
                JsonMapper.shared()
                        .readTree(client.sendGet("artifacts/list?path=model&run_id=" + run))
                        .path("files");
        assertThat(listed).hasSize(1);
        assertThat(listed.path(0).path("path").asString()).isEqualTo("model/notes.txt");
        assertThat(listed.path(0).path("file_size").asLong()).isEqualTo(14);
    }

    private void versions(String run) {
        String source = client.getRun(run).getInfo().getArtifactUri() + "/model";
        String _ = client.sendPost("registered-models/create", "{\"name\":\"cars\"}");
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            String created =
                    client.sendPost(
                            "model-versions/create",
                            JsonMapper.shared()
                                    .writeValueAsString(
                                            JsonMapper.shared()
                                                    .createObjectNode()
                                                    .put("name", "cars")
                                                    .put("source", source)
                                                    .put("run_id", run)));
            numbers.add(
                    JsonMapper.shared()
                            .readTree(created)
                            .path("model_version")
                            .path("version")
                            .asString());
        }
        assertThat(numbers).containsExactly("1", "2");
        String _ =
                client.sendPost(
                        "registered-models/alias",
                        "{\"name\":\"cars\",\"alias\":\"champion\",\"version\":\"1\"}");

        assertThat(client.getRegisteredModel("cars").getName()).isEqualTo("cars");
        ModelVersion version = client.getModelVersion("cars", "1");
        assertThat(version.getRunId()).isEqualTo(run);
        assertThat(version.getAliasesList()).containsExactly("champion");
        assertThat(
                        JsonMapper.shared()
                                .readTree(
                                        client.sendGet(
                                                "registered-models/alias?name=cars"
                                                        + "&alias=champion"))
                                .path("model_version")
                                .path("version")
                                .asString())
                .isEqualTo("1");
        assertThat(client.getLatestVersions("cars"))
                .extracting(ModelVersion::getVersion)
                .containsExactly("2");
        assertThat(client.searchModelVersions("name = 'cars'").getItems())
                .extracting(ModelVersion::getVersion)
                .containsExactlyInAnyOrder("1", "2");
        assertThat(client.getModelVersionDownloadUri("cars", "1")).isEqualTo(source);
        assertThat(client.downloadModelVersion("cars", "1").toPath().resolve("notes.txt"))
                .hasContent("what was tried");
    }
}
