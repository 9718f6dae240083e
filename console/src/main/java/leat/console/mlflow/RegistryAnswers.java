package leat.console.mlflow;

import java.util.List;
import leat.core.artifact.ArtifactEntry;
import leat.core.artifact.ArtifactPath;
import leat.core.model.LoggedModel;
import leat.core.model.LoggedModelInfo;
import leat.core.model.MeasuredModel;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.core.model.VersionInfo;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.search.Page;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is answered about models and artifacts.
final class RegistryAnswers {

    private RegistryAnswers() {}

    static ObjectNode model(RegisteredModel model) {
        ObjectNode answer = Answers.nothing();
        answer.set("registered_model", shown(model));
        return answer;
    }

    static ObjectNode models(Page<RegisteredModel> page) {
        ObjectNode answer = Answers.nothing();
        ArrayNode list = answer.putArray("registered_models");
        page.found().forEach(model -> list.add(shown(model)));
        return Answers.withToken(answer, page);
    }

    static ObjectNode version(ModelVersion version) {
        ObjectNode answer = Answers.nothing();
        answer.set("model_version", shown(version));
        return answer;
    }

    static ObjectNode versions(Page<ModelVersion> page) {
        return Answers.withToken(versions(page.found()), page);
    }

    static ObjectNode versions(List<ModelVersion> versions) {
        ObjectNode answer = Answers.nothing();
        ArrayNode list = answer.putArray("model_versions");
        versions.forEach(version -> list.add(shown(version)));
        return answer;
    }

    static ObjectNode loggedModel(MeasuredModel model) {
        ObjectNode answer = Answers.nothing();
        answer.set("model", shown(model));
        return answer;
    }

    static ObjectNode loggedModels(Page<MeasuredModel> page) {
        ObjectNode answer = Answers.nothing();
        ArrayNode list = answer.putArray("models");
        page.found().forEach(model -> list.add(shown(model)));
        return Answers.withToken(answer, page);
    }

    /// @param prefix stands before the names; empty where they stand alone
    static ObjectNode files(List<ArtifactEntry> entries, String prefix) {
        ObjectNode answer = Answers.nothing();
        ArrayNode list = answer.putArray("files");
        for (ArtifactEntry entry : entries) {
            String path =
                    prefix.isEmpty()
                            ? entry.name()
                            : ArtifactPath.of(prefix).resolve(entry.name()).text();
            ObjectNode file = list.addObject().put("path", path).put("is_dir", entry.isFolder());
            entry.sizeBytes().ifPresent(size -> file.put("file_size", Long.toString(size)));
        }
        return answer;
    }

    private static ObjectNode shown(RegisteredModel model) {
        ObjectNode shown =
                Answers.nothing()
                        .put("name", model.info().name())
                        .put("creation_timestamp", Long.toString(model.info().createdMillis()))
                        .put("last_updated_timestamp", Long.toString(model.info().updatedMillis()))
                        .put("description", model.info().description());
        ArrayNode latest = shown.putArray("latest_versions");
        model.latest().forEach(version -> latest.add(shown(version)));
        shown.set("tags", Answers.entries(model.tags()));
        ArrayNode aliases = shown.putArray("aliases");
        model.aliases()
                .values()
                .forEach(alias ->
                        aliases.addObject()
                                .put("alias", alias.name())
                                .put("version", Integer.toString(alias.version())));
        return shown;
    }

    private static ObjectNode shown(ModelVersion version) {
        VersionInfo info = version.info();
        ObjectNode shown =
                Answers.nothing()
                        .put("name", version.modelName())
                        .put("version", Integer.toString(info.number()))
                        .put("creation_timestamp", Long.toString(info.createdMillis()))
                        .put("last_updated_timestamp", Long.toString(info.updatedMillis()))
                        .put("current_stage", "None")
                        .put("description", info.description())
                        .put("source", info.source())
                        .put("run_id", info.runId())
                        .put("run_link", info.runLink())
                        .put("model_id", info.loggedModelId())
                        .put("status", "READY");
        shown.set("tags", Answers.entries(version.tags()));
        ArrayNode aliases = shown.putArray("aliases");
        version.aliases().forEach(aliases::add);
        return shown;
    }

    private static ObjectNode shown(MeasuredModel measured) {
        LoggedModel model = measured.model();
        LoggedModelInfo info = model.info();
        ObjectNode shown = Answers.nothing();
        shown.putObject("info")
                .put("model_id", info.id())
                .put("experiment_id", info.experimentId())
                .put("name", info.name())
                .put("creation_timestamp_ms", Long.toString(info.createdMillis()))
                .put("last_updated_timestamp_ms", Long.toString(info.updatedMillis()))
                .put("artifact_uri", info.artifactUri())
                .put("status", info.status().name())
                .put("model_type", info.modelType())
                .put("source_run_id", info.sourceRunId())
                .set("tags", Answers.entries(model.tags()));
        ObjectNode data = shown.putObject("data");
        data.set("params", Answers.entries(model.params()));
        ArrayNode metrics = data.putArray("metrics");
        measured.metrics().forEach(metric -> metrics.add(shown(metric)));
        return shown;
    }

    private static ObjectNode shown(ModelMetric metric) {
        ObjectNode shown =
                Answers.shown(metric.metric())
                        .put("model_id", metric.modelId())
                        .put("run_id", metric.runId());
        metric.dataset()
                .ifPresent(dataset ->
                        shown.put("dataset_name", dataset.name())
                                .put("dataset_digest", dataset.digest()));
        return shown;
    }
}
