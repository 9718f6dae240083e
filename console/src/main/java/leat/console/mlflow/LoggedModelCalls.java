package leat.console.mlflow;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.model.LoggedModel;
import leat.core.model.LoggedModelCommand;
import leat.core.model.LoggedModelInfo;
import leat.core.model.LoggedModelStatus;
import leat.core.model.MeasuredModel;
import leat.core.model.ModelLimits;
import leat.core.tracking.DatasetId;
import leat.core.tracking.Experiment;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.LoggedModelSearch;
import leat.core.tracking.search.MeasuredOn;
import leat.core.tracking.search.PageRequest;
import leat.ml.registry.Registry;
import leat.ml.tracking.Tracking;
import tools.jackson.databind.node.ObjectNode;

/// The calls about logged models, which MLflow's clients make from version 3 on.
///
/// @param clock says when one was made
record LoggedModelCalls(Tracking tracking, Registry registry, InstantSource clock) {

    private static final String ID = "model_id";
    private static final String BASE = "/logged-models";
    private static final String ONE = BASE + "/{model_id}";

    void addTo(Calls calls) {
        calls.post(BASE, this::create);
        calls.post(BASE + "/search", this::search);
        calls.get(ONE, request -> answer(request.required(ID), request.flag("allow_deleted")));
        calls.patch(ONE, this::finish);
        calls.delete(ONE, this::delete);
        calls.patch(ONE + "/tags", this::setTags);
        calls.delete(ONE + "/tags/{+tag_key}", this::deleteTag);
        calls.post(ONE + "/params", this::logParams);
    }

    private ObjectNode answer(String id, boolean deletedToo) {
        LoggedModel model =
                registry.read(state -> state.logged(id, deletedToo))
                        .orElseThrow(() ->
                                TrackingRefused.absent(
                                        "Logged model with ID '" + id + "' not found."));
        return RegistryAnswers.loggedModel(tracking.read(state -> measured(model, state)));
    }

    private static MeasuredModel measured(LoggedModel model, TrackingFold state) {
        return new MeasuredModel(model, List.copyOf(state.ofModel(model.info().id()).values()));
    }

    private ObjectNode create(Fields request) {
        Experiment experiment = experiment(request.required("experiment_id"));
        String id = Ids.loggedModel();
        String name = request.text("name");
        long now = clock.millis();
        registry.write(
                new LoggedModelCommand.Create(
                        new LoggedModelInfo(
                                id,
                                experiment.id(),
                                name.isEmpty() ? "model-" + id.substring(2, 10) : name,
                                request.text("model_type"),
                                request.text("source_run_id"),
                                experiment.artifactLocation() + "/models/" + id + "/artifacts",
                                LoggedModelStatus.LOGGED_MODEL_PENDING,
                                LifecycleStage.ACTIVE,
                                now,
                                now),
                        params(request),
                        ExperimentCalls.tags(request)));
        return answer(id, true);
    }

    private Experiment experiment(String id) {
        Experiment experiment =
                tracking.read(state -> state.experiment(id))
                        .orElseThrow(() ->
                                TrackingRefused.absent("No Experiment with id=" + id + " exists"));
        if (experiment.stage() != LifecycleStage.ACTIVE) {
            throw TrackingRefused.invalid(
                    "Could not create model under non-active experiment with ID " + id + ".");
        }
        return experiment;
    }

    private static Map<String, String> params(Fields request) {
        Map<String, String> params = new LinkedHashMap<>();
        request.objects("params")
                .forEach(param -> params.put(param.required("key"), param.text("value")));
        return params;
    }

    private ObjectNode search(Fields request) {
        LoggedModelSearch search =
                LoggedModelSearch.of(
                        request.text("filter"),
                        measuredOn(request.objects("datasets")),
                        request.objects("order_by").stream().map(LoggedModelCalls::order).toList(),
                        PageRequest.of(
                                request.integer("max_results"),
                                request.text("page_token"),
                                ModelLimits.MODELS_PAGE_DEFAULT,
                                ModelLimits.MODELS_PAGE));
        List<String> experiments = request.texts("experiment_ids");
        List<LoggedModel> models = registry.read(state -> state.logged(experiments));
        return RegistryAnswers.loggedModels(
                search.in(
                        tracking.read(state ->
                                models.stream().map(model -> measured(model, state)).toList())));
    }

    private static MeasuredOn measuredOn(List<Fields> datasets) {
        return new MeasuredOn(
                datasets.stream()
                        .map(dataset ->
                                new DatasetId(
                                        dataset.required("dataset_name"),
                                        dataset.text("dataset_digest")))
                        .toList());
    }

    private static LoggedModelSearch.Order order(Fields request) {
        return new LoggedModelSearch.Order(
                request.required("field_name"),
                !request.has("ascending") || request.flag("ascending"),
                MeasuredOn.of(request.text("dataset_name"), request.text("dataset_digest")));
    }

    private ObjectNode finish(Fields request) {
        String id = request.required(ID);
        LoggedModelStatus status =
                request.choice("status", LoggedModelStatus.class)
                        .orElseThrow(() ->
                                TrackingRefused.invalid(
                                        "Missing value for required parameter 'status'."));
        registry.write(new LoggedModelCommand.Finish(id, status));
        return answer(id, true);
    }

    private ObjectNode delete(Fields request) {
        registry.write(new LoggedModelCommand.Delete(request.required(ID)));
        return Answers.nothing();
    }

    private ObjectNode setTags(Fields request) {
        String id = request.required(ID);
        registry.write(new LoggedModelCommand.SetTags(id, ExperimentCalls.tags(request)));
        return answer(id, true);
    }

    private ObjectNode deleteTag(Fields request) {
        registry.write(
                new LoggedModelCommand.DeleteTag(
                        request.required(ID), request.required("tag_key")));
        return Answers.nothing();
    }

    private ObjectNode logParams(Fields request) {
        registry.write(new LoggedModelCommand.LogParams(request.required(ID), params(request)));
        return Answers.nothing();
    }
}
