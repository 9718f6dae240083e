package leat.console.mlflow;

import static java.util.stream.Collectors.toSet;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import leat.core.model.LoggedModelCommand;
import leat.core.model.RunModels;
import leat.core.tracking.Dataset;
import leat.core.tracking.DatasetId;
import leat.core.tracking.DatasetInput;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.LogBatch;
import leat.core.tracking.LogDatasets;
import leat.core.tracking.LogForModels;
import leat.core.tracking.ModelMetric;
import leat.core.tracking.Run;
import leat.core.tracking.RunCommand;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingLimits;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.core.tracking.search.RunSearch;
import leat.ml.registry.Registry;
import leat.ml.tracking.Tracking;
import tools.jackson.databind.node.ObjectNode;

/// The calls about runs and what they log.
///
/// @param clock says when a run began whose request does not
record RunCalls(Tracking tracking, Registry registry, InstantSource clock) {

    private static final String HISTORY_TAG = "mlflow.log-model.history";

    void addTo(Calls calls) {
        calls.post("/runs/create", this::create);
        calls.get("/runs/get", request -> answer(runId(request)));
        calls.post("/runs/update", this::update);
        calls.post("/runs/delete", request -> move(request, LifecycleStage.DELETED));
        calls.post("/runs/restore", request -> move(request, LifecycleStage.ACTIVE));
        calls.post("/runs/search", this::search);
        calls.post("/runs/log-metric", this::logMetric);
        calls.post("/runs/log-parameter", this::logParam);
        calls.post("/runs/log-batch", this::logBatch);
        calls.post("/runs/set-tag", this::setTag);
        calls.post("/runs/delete-tag", this::deleteTag);
        calls.post("/runs/log-model", this::logModel);
        calls.post("/runs/outputs", this::logOutputs);
        calls.post("/runs/log-inputs", this::logInputs);
        calls.get("/metrics/get-history", this::history);
    }

    /// Old clients send the id under its former name.
    static String runId(Fields request) {
        String former = request.text("run_uuid");
        return former.isEmpty() || !request.text("run_id").isEmpty()
                ? request.required("run_id")
                : former;
    }

    private Run run(String id) {
        return tracking.read(state -> state.run(id))
                .orElseThrow(() -> TrackingRefused.absent("Run with id=" + id + " not found"));
    }

    private ObjectNode answer(String id) {
        Run run = run(id);
        return Answers.run(run, registry.read(state -> state.ofRun(id)));
    }

    private ObjectNode create(Fields request) {
        String id = Ids.run();
        tracking.write(
                new RunCommand.Create(
                        id,
                        request.required("experiment_id"),
                        request.text("run_name"),
                        request.text("user_id"),
                        request.integer("start_time").orElseGet(clock::millis),
                        ExperimentCalls.tags(request)));
        return answer(id);
    }

    private ObjectNode update(Fields request) {
        String id = runId(request);
        tracking.write(
                new RunCommand.Update(
                        id,
                        request.choice("status", RunStatus.class),
                        request.integer("end_time"),
                        request.text("run_name")));
        return Answers.runInfo(run(id).info());
    }

    private ObjectNode move(Fields request, LifecycleStage to) {
        tracking.write(new RunCommand.Move(runId(request), to));
        return Answers.nothing();
    }

    private ObjectNode search(Fields request) {
        RunSearch search =
                RunSearch.of(
                        request.text("filter"),
                        request.texts("order_by"),
                        request.choice("run_view_type", ViewType.class)
                                .orElse(ViewType.ACTIVE_ONLY),
                        PageRequest.of(request.integer("max_results"), request.text("page_token")));
        List<String> experiments = request.texts("experiment_ids");
        Page<Run> page = search.in(tracking.read(state -> state.runs(experiments)));
        Map<String, RunModels> models = new HashMap<>();
        registry.read(state -> {
            for (Run run : page.found()) {
                models.put(run.info().id(), state.ofRun(run.info().id()));
            }
            return models;
        });
        return Answers.runs(page, models);
    }

    private static LogBatch.Entry entry(Fields request) {
        return new LogBatch.Entry(request.required("key"), request.text("value"));
    }

    private ObjectNode logMetric(Fields request) {
        LoggedMetrics logged = new LoggedMetrics(runId(request), List.of(request));
        return log(LogBatch.metric(logged.runId(), logged.metrics().getFirst()), logged);
    }

    private ObjectNode logParam(Fields request) {
        return log(
                LogBatch.param(runId(request), request.required("key"), request.present("value")));
    }

    private ObjectNode setTag(Fields request) {
        return log(LogBatch.tag(runId(request), request.required("key"), request.present("value")));
    }

    private ObjectNode logBatch(Fields request) {
        LoggedMetrics logged =
                new LoggedMetrics(request.required("run_id"), request.objects("metrics"));
        return log(
                new LogBatch(
                        logged.runId(),
                        logged.metrics(),
                        request.objects("params").stream().map(RunCalls::entry).toList(),
                        request.objects("tags").stream().map(RunCalls::entry).toList(),
                        false),
                logged);
    }

    private ObjectNode log(LogBatch batch, LoggedMetrics logged) {
        List<ModelMetric> ofModels = logged.ofModels();
        if (ofModels.isEmpty()) {
            return log(batch);
        }
        Set<String> ids = ofModels.stream().map(ModelMetric::modelId).collect(toSet());
        registry.read(state ->
                        ids.stream().filter(id -> state.logged(id, false).isEmpty()).findFirst())
                .ifPresent(id -> {
                    throw TrackingRefused.absent("Logged model with ID '" + id + "' not found.");
                });
        tracking.write(new LogForModels(batch, ofModels));
        return Answers.nothing();
    }

    private ObjectNode log(LogBatch batch) {
        tracking.write(batch);
        return Answers.nothing();
    }

    private ObjectNode deleteTag(Fields request) {
        tracking.write(new RunCommand.DeleteTag(runId(request), request.required("key")));
        return Answers.nothing();
    }

    private ObjectNode history(Fields request) {
        PageRequest page =
                PageRequest.of(
                        request.integer("max_results"),
                        request.text("page_token"),
                        TrackingLimits.HISTORY_PAGE,
                        TrackingLimits.HISTORY_PAGE);
        return Answers.metrics(
                tracking.history(runId(request), request.required("metric_key"), page));
    }

    /// What clients before version 3 say of a model that they have uploaded: it stands in a tag of
    /// the run, with those before it.
    private ObjectNode logModel(Fields request) {
        String id = request.required("run_id");
        String history = run(id).tags().getOrDefault(HISTORY_TAG, "[]");
        return log(
                LogBatch.tag(
                        id, HISTORY_TAG, Fields.appended(history, request.required("model_json"))));
    }

    private ObjectNode logOutputs(Fields request) {
        Map<String, Long> made = new LinkedHashMap<>();
        request.objects("models")
                .forEach(model ->
                        made.put(model.required("model_id"), model.integer("step").orElse(0)));
        return link(request, Set.of(), made);
    }

    private ObjectNode logInputs(Fields request) {
        Set<String> used = new LinkedHashSet<>();
        request.objects("models").forEach(model -> used.add(model.required("model_id")));
        List<DatasetInput> datasets =
                request.objects("datasets").stream().map(RunCalls::dataset).toList();
        if (!datasets.isEmpty()) {
            tracking.write(new LogDatasets(request.required("run_id"), datasets));
        }
        return link(request, used, Map.of());
    }

    private static DatasetInput dataset(Fields request) {
        Fields dataset = request.object("dataset");
        return new DatasetInput(
                new Dataset(
                        new DatasetId(dataset.required("name"), dataset.required("digest")),
                        dataset.present("source_type"),
                        dataset.present("source"),
                        dataset.text("schema"),
                        dataset.text("profile")),
                new TreeMap<>(ExperimentCalls.tags(request)));
    }

    private ObjectNode link(Fields request, Set<String> used, Map<String, Long> made) {
        String id = run(request.required("run_id")).info().id();
        registry.write(new LoggedModelCommand.Link(id, used, made));
        return Answers.nothing();
    }
}
