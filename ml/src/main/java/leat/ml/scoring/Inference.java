package leat.ml.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.registry.Models;
import leat.ml.scoring.protocol.InferenceRequest;
import leat.ml.scoring.protocol.InferenceResponse;
import leat.stream.log.LogUnavailable;

/// Registered models for those who ask by request and response. A version is asked for by its
/// number or by an alias; without either that is the alias `champion`, or else the newest version.
/// For many threads.
public final class Inference implements AutoCloseable {

    /// The alias of the version that is meant when none is named.
    public static final String DEFAULT_ALIAS = "champion";

    private final Models models;
    private final FeatureQueries features;
    private final OpenModels open;
    private final Limits limits;
    private final Set<String> unloaded = ConcurrentHashMap.newKeySet();

    /// Opens nothing before it is asked for.
    ///
    /// @param models stays open when this is closed
    /// @param features of entities by whose keys is asked; stay open too
    public Inference(Models models, FeatureQueries features, Limits limits) {
        this.models = models;
        this.features = features;
        this.open = new OpenModels(models, limits.openModels());
        this.limits = limits;
    }

    /// What may be used.
    ///
    /// @param openModels at a time; of more, the one that was not used for the longest time is
    ///   closed
    /// @param joinedRows of requests that wait for the same version, which are computed together; 1
    ///   has each computed alone
    /// @param timeout how long one request may compute
    public record Limits(int openModels, int joinedRows, Duration timeout) {
        public Limits {
            if (openModels < 1 || joinedRows < 1) {
                throw new IllegalArgumentException(
                        openModels + " open models, " + joinedRows + " joined rows: less than 1");
            }
        }
    }

    /// What a version takes and gives.
    ///
    /// @param version its number
    /// @param versions all of the model, by their numbers
    public record Described(String version, List<String> versions, Signature signature) {
        public Described {
            versions = List.copyOf(versions);
        }
    }

    /// A version in the list of all.
    ///
    /// @param reason why it is not ready; empty when it is
    public record Indexed(String model, String version, String reason) {
        public boolean isReady() {
            return reason.isEmpty();
        }

        /// The protocol's word for it.
        public String state() {
            return isReady() ? "READY" : "UNAVAILABLE";
        }
    }

    /// Describes a version, which is opened for that.
    ///
    /// @param version a number or an alias; may be empty
    /// @throws TrackingRefused when there is no such version
    /// @throws ModelUnready when it cannot be opened
    /// @throws LogUnavailable when Kafka does not answer
    public Described describe(String model, String version) {
        List<String> versions =
                models.versions(model).stream().map(one -> number(one.reference())).toList();
        return use(
                model,
                version,
                opened -> new Described(number(opened.version()), versions, opened.signature()));
    }

    /// Asks a version, by its inputs or by the keys of entities.
    ///
    /// @param version a number or an alias; may be empty
    /// @param by the name of who asks
    /// @throws TrackingRefused when there is no such version
    /// @throws ModelUnready when it cannot be opened
    /// @throws ModelFailed when it takes something else, or fails
    /// @throws ModelTooSlow when it takes too long
    /// @throws LogUnavailable when Kafka does not answer
    public InferenceResponse infer(
            String model, String version, InferenceRequest request, String by) {
        return use(
                model,
                version,
                opened ->
                        new InferenceResponse(
                                model,
                                number(opened.version()),
                                request.id(),
                                wanted(answers(opened, request, by), request)));
    }

    private SequencedMap<String, Tensor> answers(
            OpenModel opened, InferenceRequest request, String by) {
        Model asked = opened.joining(limits.joinedRows());
        Optional<AskedByEntity> byEntity = AskedByEntity.of(opened, features, request.inputs());
        if (byEntity.isPresent()) {
            return byEntity.get().ask(asked, limits.timeout(), by);
        }
        Map<String, Tensor> outputs = asked.run(request.inputs(), limits.timeout());
        SequencedMap<String, Tensor> ordered = new LinkedHashMap<>();
        opened.signature()
                .outputs()
                .forEach(port ->
                        ordered.put(port.name(), Objects.requireNonNull(outputs.get(port.name()))));
        return ordered;
    }

    private static List<InferenceResponse.Output> wanted(
            SequencedMap<String, Tensor> outputs, InferenceRequest request) {
        List<InferenceRequest.Wanted> wanted = request.outputs();
        if (wanted.isEmpty()) {
            wanted =
                    outputs.keySet().stream()
                            .map(name -> new InferenceRequest.Wanted(name, request.binary()))
                            .toList();
        }
        List<InferenceResponse.Output> given = new ArrayList<>(wanted.size());
        for (InferenceRequest.Wanted one : wanted) {
            Tensor tensor =
                    Optional.ofNullable(outputs.get(one.name()))
                            .orElseThrow(() ->
                                    new ModelFailed(
                                            "the model has no output '"
                                                    + one.name()
                                                    + "', but "
                                                    + outputs.keySet()));
            given.add(new InferenceResponse.Output(one.name(), tensor, one.binary()));
        }
        return given;
    }

    private <T> T use(String model, String version, Function<OpenModel, T> question) {
        if (unloaded.contains(model)) {
            throw new ModelUnready(model + " was unloaded; load it, or wait for a new process");
        }
        OpenModel opened;
        try {
            opened =
                    open.enter(
                            new ServedModel.Wanted(
                                    reference(model, version), () -> resolve(model, version)),
                            limits.timeout());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        try {
            if (unloaded.contains(model)) {
                open.closeOf(model);
            }
            return question.apply(opened);
        } finally {
            opened.leave();
        }
    }

    private static String reference(String model, String version) {
        return version.isEmpty() ? model : model + "/" + version;
    }

    private ModelVersion resolve(String model, String version) {
        if (!version.isEmpty()) {
            try {
                return models.resolve(
                                version.chars().allMatch(Character::isDigit)
                                        ? ModelReference.parse(model + "/" + version)
                                        : ModelReference.parse(model + "@" + version))
                        .version();
            } catch (TrackingRefused _) {
                throw TrackingRefused.absent(absent(model, version));
            }
        }
        List<ModelVersion> versions = models.versions(model);
        return versions.stream()
                .filter(one -> one.aliases().contains(DEFAULT_ALIAS))
                .findFirst()
                .or(() ->
                        versions.stream().max(Comparator.comparingInt(one -> one.info().number())))
                .orElseThrow(() ->
                        new TrackingRefused(
                                TrackingError.RESOURCE_DOES_NOT_EXIST, noVersion(model)));
    }

    private static String noVersion(String model) {
        return "there is no model '" + model + "' with a version";
    }

    /// What is not there, and what is in its place.
    private String absent(String model, String version) {
        List<ModelVersion> versions = models.versions(model);
        if (versions.isEmpty()) {
            return noVersion(model);
        }
        if (version.chars().allMatch(Character::isDigit)) {
            return model
                    + " has no version "
                    + version
                    + ", the newest one is "
                    + versions.getLast().info().number();
        }
        SortedSet<String> aliases = new TreeSet<>();
        versions.forEach(one -> aliases.addAll(one.aliases()));
        return model
                + " has no alias '"
                + version
                + "', "
                + (aliases.isEmpty() ? "and none at all" : "but " + aliases);
    }

    private static String number(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /// Checks that the registry can be read.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public void checkReady() {
        models.names();
    }

    /// All versions of all models. A version is ready unless its model was unloaded: what is not
    /// open yet is opened when it is asked for.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public List<Indexed> index() {
        List<Indexed> all = new ArrayList<>();
        for (String model : models.names()) {
            String reason = unloaded.contains(model) ? "unloaded" : "";
            for (ModelVersion version : models.versions(model)) {
                all.add(new Indexed(model, number(version.reference()), reason));
            }
        }
        return all;
    }

    /// Opens what is meant when no version is named, and lets the model be asked.
    ///
    /// @throws TrackingRefused when there is no such model
    /// @throws ModelUnready when it cannot be opened
    /// @throws LogUnavailable when Kafka does not answer
    public void load(String model) {
        boolean was = unloaded.remove(model);
        boolean loaded = false;
        try {
            use(model, "", OpenModel::version);
            loaded = true;
        } finally {
            if (was && !loaded) {
                unloaded.add(model);
            }
        }
    }

    /// Refuses the model in this process until it is loaded, and closes what is open of it.
    ///
    /// @throws TrackingRefused when there is no such model
    /// @throws LogUnavailable when Kafka does not answer
    public void unload(String model) {
        if (!models.names().contains(model)) {
            throw new TrackingRefused(
                    TrackingError.RESOURCE_DOES_NOT_EXIST, "there is no model '" + model + "'");
        }
        unloaded.add(model);
        open.closeOf(model);
    }

    @Override
    public void close() {
        open.close();
    }
}
