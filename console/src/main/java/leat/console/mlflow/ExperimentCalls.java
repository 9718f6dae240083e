package leat.console.mlflow;

import java.util.LinkedHashMap;
import java.util.Map;
import leat.core.tracking.Experiment;
import leat.core.tracking.ExperimentCommand;
import leat.core.tracking.LifecycleStage;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.ViewType;
import leat.core.tracking.search.ExperimentSearch;
import leat.core.tracking.search.PageRequest;
import leat.ml.tracking.Tracking;
import tools.jackson.databind.node.ObjectNode;

/// The calls about experiments.
record ExperimentCalls(Tracking tracking) {

    private static final String ID = "experiment_id";

    /// By their paths behind the base, with those that are asked with GET.
    void addTo(Calls calls) {
        calls.post("/experiments/create", this::create);
        calls.post("/experiments/search", this::search);
        calls.get("/experiments/search", this::search);
        calls.get("/experiments/get", this::get);
        calls.get("/experiments/get-by-name", this::getByName);
        calls.post("/experiments/delete", request -> move(request, LifecycleStage.DELETED));
        calls.post("/experiments/restore", request -> move(request, LifecycleStage.ACTIVE));
        calls.post("/experiments/update", this::update);
        calls.post("/experiments/set-experiment-tag", this::setTag);
        calls.post("/experiments/delete-experiment-tag", this::deleteTag);
    }

    private ObjectNode create(Fields request) {
        String id = Ids.experiment();
        tracking.write(
                new ExperimentCommand.Create(
                        id,
                        request.required("name"),
                        request.text("artifact_location"),
                        tags(request)));
        return Answers.experimentId(id);
    }

    static Map<String, String> tags(Fields request) {
        Map<String, String> tags = new LinkedHashMap<>();
        request.objects("tags").forEach(tag -> tags.put(tag.required("key"), tag.text("value")));
        return tags;
    }

    private ObjectNode search(Fields request) {
        ExperimentSearch search =
                ExperimentSearch.of(
                        request.text("filter"),
                        request.texts("order_by"),
                        request.choice("view_type", ViewType.class).orElse(ViewType.ACTIVE_ONLY),
                        PageRequest.of(request.integer("max_results"), request.text("page_token")));
        return Answers.experiments(search.in(tracking.read(TrackingFold::experiments)));
    }

    private ObjectNode get(Fields request) {
        String id = request.required(ID);
        Experiment experiment =
                tracking.read(state -> state.experiment(id))
                        .orElseThrow(() ->
                                TrackingRefused.absent("No Experiment with id=" + id + " exists"));
        return Answers.experiment(experiment);
    }

    private ObjectNode getByName(Fields request) {
        String name = request.required("experiment_name");
        Experiment experiment =
                tracking.read(state -> state.experimentNamed(name))
                        .orElseThrow(() ->
                                TrackingRefused.absent(
                                        "Could not find experiment with name '" + name + "'"));
        return Answers.experiment(experiment);
    }

    private ObjectNode move(Fields request, LifecycleStage to) {
        tracking.write(new ExperimentCommand.Move(request.required(ID), to));
        return Answers.nothing();
    }

    private ObjectNode update(Fields request) {
        tracking.write(
                new ExperimentCommand.Rename(request.required(ID), request.required("new_name")));
        return Answers.nothing();
    }

    private ObjectNode setTag(Fields request) {
        tracking.write(
                new ExperimentCommand.SetTag(
                        request.required(ID), request.required("key"), request.text("value")));
        return Answers.nothing();
    }

    private ObjectNode deleteTag(Fields request) {
        tracking.write(
                new ExperimentCommand.DeleteTag(request.required(ID), request.required("key")));
        return Answers.nothing();
    }
}
