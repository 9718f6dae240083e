package leat.console.mlflow;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import leat.core.model.ModelFold;
import leat.core.model.ModelLimits;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.core.model.RegisteredModelCommand;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.ModelSearch;
import leat.core.tracking.search.PageRequest;
import leat.ml.registry.Registry;
import tools.jackson.databind.node.ObjectNode;

/// The calls about registered models and their aliases.
record ModelCalls(Registry registry) {

    static final String NAME = "name";
    static final String ALIAS = "alias";
    private static final String BASE = "/registered-models/";

    void addTo(Calls calls) {
        calls.post(BASE + "create", this::create);
        calls.post(BASE + "rename", this::rename);
        calls.patch(BASE + "update", this::update);
        calls.delete(BASE + "delete", this::delete);
        calls.get(BASE + "get", request -> answer(request.required(NAME)));
        calls.get(BASE + "search", this::search);
        calls.post(BASE + "get-latest-versions", this::latest);
        calls.get(BASE + "get-latest-versions", this::latest);
        calls.post(BASE + "set-tag", this::setTag);
        calls.delete(BASE + "delete-tag", this::deleteTag);
        calls.post(BASE + ALIAS, this::setAlias);
        calls.delete(BASE + ALIAS, this::deleteAlias);
        calls.get(BASE + ALIAS, this::byAlias);
    }

    private RegisteredModel model(String name) {
        return registry.read(state -> state.model(name))
                .orElseThrow(() ->
                        TrackingRefused.absent(
                                "Registered Model with name=" + name + " not found"));
    }

    private ObjectNode answer(String name) {
        return RegistryAnswers.model(model(name));
    }

    private ObjectNode create(Fields request) {
        String name = request.required(NAME);
        Map<String, String> tags = ExperimentCalls.tags(request);
        registry.write(
                new RegisteredModelCommand.Create(
                        UUID.randomUUID().toString(), name, request.text("description"), tags));
        return answer(name);
    }

    private ObjectNode rename(Fields request) {
        String name = request.required("new_name");
        registry.write(new RegisteredModelCommand.Rename(request.required(NAME), name));
        return answer(name);
    }

    private ObjectNode update(Fields request) {
        String name = request.required(NAME);
        registry.write(new RegisteredModelCommand.Describe(name, request.text("description")));
        return answer(name);
    }

    private ObjectNode delete(Fields request) {
        registry.write(new RegisteredModelCommand.Delete(request.required(NAME)));
        return Answers.nothing();
    }

    private ObjectNode search(Fields request) {
        ModelSearch search =
                ModelSearch.of(
                        request.text("filter"),
                        request.texts("order_by"),
                        PageRequest.of(
                                request.integer("max_results"),
                                request.text("page_token"),
                                ModelLimits.MODELS_PAGE_DEFAULT,
                                ModelLimits.MODELS_PAGE));
        return RegistryAnswers.models(search.in(registry.read(ModelFold::models)));
    }

    /// All versions are in the stage `None`, as stages are not kept.
    private ObjectNode latest(Fields request) {
        List<String> stages = request.texts("stages");
        RegisteredModel model = model(request.required(NAME));
        boolean asked =
                stages.isEmpty()
                        || stages.stream()
                                .anyMatch(stage -> stage.toLowerCase(Locale.ROOT).equals("none"));
        return RegistryAnswers.versions(asked ? model.latest() : List.of());
    }

    private ObjectNode setTag(Fields request) {
        registry.write(
                new RegisteredModelCommand.SetTag(
                        request.required(NAME), request.required("key"), request.text("value")));
        return Answers.nothing();
    }

    private ObjectNode deleteTag(Fields request) {
        registry.write(
                new RegisteredModelCommand.DeleteTag(
                        request.required(NAME), request.required("key")));
        return Answers.nothing();
    }

    private ObjectNode setAlias(Fields request) {
        registry.write(
                new RegisteredModelCommand.SetAlias(
                        request.required(NAME),
                        request.required(ALIAS),
                        VersionCalls.number(request)));
        return Answers.nothing();
    }

    private ObjectNode deleteAlias(Fields request) {
        registry.write(
                new RegisteredModelCommand.DeleteAlias(
                        request.required(NAME), request.required(ALIAS)));
        return Answers.nothing();
    }

    private ObjectNode byAlias(Fields request) {
        String name = request.required(NAME);
        String alias = request.required(ALIAS);
        if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
            ModelVersion latest =
                    model(name).latest().stream()
                            .findFirst()
                            .orElseThrow(() ->
                                    TrackingRefused.absent(
                                            "Registered Model with name="
                                                    + name
                                                    + " has no version"));
            return RegistryAnswers.version(latest);
        }
        return RegistryAnswers.version(
                registry.read(state -> state.resolve(new ModelReference.Aliased(name, alias)))
                        .version());
    }
}
