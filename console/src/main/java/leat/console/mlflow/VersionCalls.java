package leat.console.mlflow;

import java.util.UUID;
import leat.core.model.ModelFold;
import leat.core.model.ModelLimits;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.VersionCommand;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.PageRequest;
import leat.core.tracking.search.VersionSearch;
import leat.ml.registry.Pinning;
import leat.ml.registry.Registry;
import leat.ml.registry.Sources;
import tools.jackson.databind.node.ObjectNode;

/// The calls about versions of registered models.
record VersionCalls(Registry registry, Sources sources, Pinning pinning) {

    private static final String NAME = ModelCalls.NAME;
    private static final String VERSION = "version";
    private static final String BASE = "/model-versions/";

    void addTo(Calls calls) {
        calls.post(BASE + "create", this::create);
        calls.patch(BASE + "update", this::update);
        calls.post(BASE + "transition-stage", VersionCalls::transition);
        calls.delete(BASE + "delete", this::delete);
        calls.get(BASE + "get", this::answer);
        calls.get(BASE + "search", this::search);
        calls.get(BASE + "get-download-uri", this::downloadUri);
        calls.post(BASE + "set-tag", this::setTag);
        calls.delete(BASE + "delete-tag", this::deleteTag);
    }

    /// The number of a version.
    ///
    /// @throws TrackingRefused where it is absent or none
    static int number(Fields request) {
        long number = request.requiredInteger(VERSION);
        if (number < 1 || number > Integer.MAX_VALUE) {
            throw TrackingRefused.invalid(
                    "Invalid value "
                            + number
                            + " for parameter 'version' supplied: versions are"
                            + " numbers from 1 on");
        }
        return (int) number;
    }

    private ModelVersion version(Fields request) {
        String name = request.required(NAME);
        int number = number(request);
        return registry.read(state -> state.resolve(new ModelReference.Numbered(name, number)))
                .version();
    }

    private ObjectNode answer(Fields request) {
        return RegistryAnswers.version(version(request));
    }

    private ObjectNode create(Fields request) {
        String id = UUID.randomUUID().toString();
        String name = request.required(NAME);
        String source = request.required("source");
        registry.write(
                new VersionCommand.Create(
                        id,
                        name,
                        source,
                        request.text("run_id"),
                        request.text("model_id"),
                        request.text("run_link"),
                        request.text("description"),
                        ExperimentCalls.tags(request),
                        pinning.of(source)));
        return RegistryAnswers.version(
                registry.read(state -> state.versions(name)).stream()
                        .filter(version -> version.info().id().equals(id))
                        .findFirst()
                        .orElseThrow(() ->
                                TrackingRefused.absent(
                                        "The new version of "
                                                + name
                                                + " was deleted in the meantime")));
    }

    private ObjectNode update(Fields request) {
        registry.write(
                new VersionCommand.Describe(
                        request.required(NAME), number(request), request.text("description")));
        return answer(request);
    }

    private static ObjectNode transition(Fields request) {
        throw TrackingRefused.invalid(
                "Versions have no stages here, as MLflow has given them up too: have an alias point"
                        + " to the version (set_registered_model_alias) and load it as"
                        + " models:/NAME@ALIAS");
    }

    private ObjectNode delete(Fields request) {
        registry.write(new VersionCommand.Delete(request.required(NAME), number(request)));
        return Answers.nothing();
    }

    private ObjectNode search(Fields request) {
        VersionSearch search =
                VersionSearch.of(
                        request.text("filter"),
                        request.texts("order_by"),
                        PageRequest.of(
                                request.integer("max_results"),
                                request.text("page_token"),
                                ModelLimits.VERSIONS_PAGE_DEFAULT,
                                ModelLimits.VERSIONS_PAGE));
        return RegistryAnswers.versions(search.in(registry.read(ModelFold::versions)));
    }

    private ObjectNode downloadUri(Fields request) {
        return Answers.nothing().put("artifact_uri", sources.uri(version(request).info().source()));
    }

    private ObjectNode setTag(Fields request) {
        registry.write(
                new VersionCommand.SetTag(
                        request.required(NAME),
                        number(request),
                        request.required("key"),
                        request.text("value")));
        return Answers.nothing();
    }

    private ObjectNode deleteTag(Fields request) {
        registry.write(
                new VersionCommand.DeleteTag(
                        request.required(NAME), number(request), request.required("key")));
        return Answers.nothing();
    }
}
