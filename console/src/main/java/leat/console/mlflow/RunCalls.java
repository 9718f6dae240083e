package leat.console.mlflow;

import java.time.InstantSource;
import java.util.List;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.LogBatch;
import leat.core.tracking.Metric;
import leat.core.tracking.Run;
import leat.core.tracking.RunCommand;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingLimits;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;
import leat.core.tracking.search.PageRequest;
import leat.core.tracking.search.RunSearch;
import leat.ml.tracking.Tracking;
import tools.jackson.databind.node.ObjectNode;

/// The calls about runs and what they log.
///
/// @param clock says when a run began whose request does not
record RunCalls(Tracking tracking, InstantSource clock) {

    void addTo(Calls calls) {
        calls.post("/runs/create", this::create);
        calls.get("/runs/get", request -> Answers.run(run(runId(request))));
        calls.post("/runs/update", this::update);
        calls.post("/runs/delete", request -> move(request, LifecycleStage.DELETED));
        calls.post("/runs/restore", request -> move(request, LifecycleStage.ACTIVE));
        calls.post("/runs/search", this::search);
        calls.post("/runs/log-metric", this::logMetric);
        calls.post("/runs/log-parameter", this::logParam);
        calls.post("/runs/log-batch", this::logBatch);
        calls.post("/runs/set-tag", this::setTag);
        calls.post("/runs/delete-tag", this::deleteTag);
        calls.get("/metrics/get-history", this::history);
    }

    /// Old clients send the id under its former name.
    private static String runId(Fields request) {
        String former = request.text("run_uuid");
        return former.isEmpty() || !request.text("run_id").isEmpty()
                ? request.required("run_id")
                : former;
    }

    private Run run(String id) {
        return tracking.read(state -> state.run(id))
                .orElseThrow(() -> TrackingRefused.absent("Run with id=" + id + " not found"));
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
        return Answers.run(run(id));
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
        return Answers.runs(search.in(tracking.read(state -> state.runs(experiments))));
    }

    private static Metric metric(Fields request) {
        return new Metric(
                request.required("key"),
                request.requiredNumber("value"),
                request.requiredInteger("timestamp"),
                request.integer("step").orElse(0));
    }

    private static LogBatch.Entry entry(Fields request) {
        return new LogBatch.Entry(request.required("key"), request.text("value"));
    }

    private ObjectNode logMetric(Fields request) {
        return log(LogBatch.metric(runId(request), metric(request)));
    }

    private ObjectNode logParam(Fields request) {
        return log(
                LogBatch.param(runId(request), request.required("key"), request.present("value")));
    }

    private ObjectNode setTag(Fields request) {
        return log(LogBatch.tag(runId(request), request.required("key"), request.present("value")));
    }

    private ObjectNode logBatch(Fields request) {
        return log(
                new LogBatch(
                        request.required("run_id"),
                        request.objects("metrics").stream().map(RunCalls::metric).toList(),
                        request.objects("params").stream().map(RunCalls::entry).toList(),
                        request.objects("tags").stream().map(RunCalls::entry).toList(),
                        false));
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
}
