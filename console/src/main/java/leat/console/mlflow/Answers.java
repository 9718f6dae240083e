package leat.console.mlflow;

import java.util.List;
import java.util.Map;
import leat.core.model.RunModels;
import leat.core.tracking.Dataset;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.Experiment;
import leat.core.tracking.Metric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.RunInfo;
import leat.core.tracking.search.Page;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is answered, as MLflow's clients read it: 64-bit integers as texts, and doubles that are
/// not finite too.
final class Answers {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Answers() {}

    static ObjectNode nothing() {
        return JSON.createObjectNode();
    }

    static ObjectNode experimentId(String id) {
        return nothing().put("experiment_id", id);
    }

    static ObjectNode experiment(Experiment experiment) {
        ObjectNode answer = nothing();
        answer.set("experiment", shown(experiment));
        return answer;
    }

    static ObjectNode experiments(Page<Experiment> page) {
        ObjectNode answer = nothing();
        ArrayNode list = answer.putArray("experiments");
        page.found().forEach(experiment -> list.add(shown(experiment)));
        return withToken(answer, page);
    }

    static ObjectNode run(Run run, RunModels models) {
        ObjectNode answer = nothing();
        answer.set("run", shown(run, models));
        return answer;
    }

    static ObjectNode runInfo(RunInfo info) {
        ObjectNode answer = nothing();
        answer.set("run_info", shown(info));
        return answer;
    }

    /// @param models of each of the runs, by their ids
    static ObjectNode runs(Page<Run> page, Map<String, RunModels> models) {
        ObjectNode answer = nothing();
        ArrayNode list = answer.putArray("runs");
        page.found()
                .forEach(run ->
                        list.add(shown(run, models.getOrDefault(run.info().id(), RunModels.NONE))));
        return withToken(answer, page);
    }

    static ObjectNode metrics(Page<Metric> page) {
        ObjectNode answer = nothing();
        answer.set("metrics", shown(page.found()));
        return withToken(answer, page);
    }

    static ObjectNode withToken(ObjectNode answer, Page<?> page) {
        return page.nextToken().isEmpty()
                ? answer
                : answer.put("next_page_token", page.nextToken());
    }

    private static ObjectNode shown(Experiment experiment) {
        ObjectNode shown =
                nothing()
                        .put("experiment_id", experiment.id())
                        .put("name", experiment.name())
                        .put("artifact_location", experiment.artifactLocation())
                        .put("lifecycle_stage", experiment.stage().word())
                        .put("last_update_time", Long.toString(experiment.updatedMillis()))
                        .put("creation_time", Long.toString(experiment.createdMillis()));
        shown.set("tags", entries(experiment.tags()));
        return shown;
    }

    private static ObjectNode shown(Run run, RunModels models) {
        ObjectNode shown = nothing();
        shown.set("info", shown(run.info()));
        ObjectNode data = shown.putObject("data");
        data.set(
                "metrics",
                shown(run.metrics().values().stream().map(NewestMetric::metric).toList()));
        data.set("params", entries(run.params()));
        data.set("tags", entries(run.tags()));
        ObjectNode inputs = shown.putObject("inputs");
        if (!run.datasets().isEmpty()) {
            ArrayNode read = inputs.putArray("dataset_inputs");
            run.datasets().values().forEach(input -> read.add(shown(input)));
        }
        if (!models.used().isEmpty()) {
            ArrayNode used = inputs.putArray("model_inputs");
            models.used().forEach(id -> used.addObject().put("model_id", id));
        }
        if (!models.made().isEmpty()) {
            ArrayNode made = shown.putObject("outputs").putArray("model_outputs");
            models.made()
                    .forEach((id, step) ->
                            made.addObject().put("model_id", id).put("step", Long.toString(step)));
        }
        return shown;
    }

    private static ObjectNode shown(DatasetInput input) {
        ObjectNode shown = nothing();
        shown.set("tags", entries(input.tags()));
        Dataset dataset = input.dataset();
        ObjectNode described =
                shown.putObject("dataset")
                        .put("name", dataset.id().name())
                        .put("digest", dataset.id().digest())
                        .put("source_type", dataset.sourceType())
                        .put("source", dataset.source());
        if (!dataset.schema().isEmpty()) {
            described.put("schema", dataset.schema());
        }
        if (!dataset.profile().isEmpty()) {
            described.put("profile", dataset.profile());
        }
        return shown;
    }

    private static ObjectNode shown(RunInfo info) {
        ObjectNode shown =
                nothing()
                        .put("run_id", info.id())
                        .put("run_uuid", info.id())
                        .put("run_name", info.name())
                        .put("experiment_id", info.experimentId())
                        .put("user_id", info.userId())
                        .put("status", info.status().name())
                        .put("start_time", Long.toString(info.startMillis()))
                        .put("artifact_uri", info.artifactUri())
                        .put("lifecycle_stage", info.stage().word());
        info.endMillis().ifPresent(end -> shown.put("end_time", Long.toString(end)));
        return shown;
    }

    private static ArrayNode shown(List<Metric> metrics) {
        ArrayNode list = JSON.createArrayNode();
        metrics.forEach(metric -> list.add(shown(metric)));
        return list;
    }

    static ObjectNode shown(Metric metric) {
        ObjectNode shown = nothing().put("key", metric.key());
        double value = metric.value();
        if (Double.isFinite(value)) {
            shown.put("value", value);
        } else {
            shown.put("value", Double.toString(value));
        }
        return shown.put("timestamp", Long.toString(metric.timestampMillis()))
                .put("step", Long.toString(metric.step()));
    }

    static ArrayNode entries(Map<String, String> entries) {
        ArrayNode list = JSON.createArrayNode();
        entries.forEach((key, value) -> list.addObject().put("key", key).put("value", value));
        return list;
    }
}
