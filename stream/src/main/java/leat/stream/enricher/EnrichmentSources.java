package leat.stream.enricher;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.enrich.Answers;
import leat.core.event.Names;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.core.validate.Row;
import leat.stream.enricher.api.ApiSettings;
import leat.stream.enricher.api.EnrichmentApi;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.PartitionStopped;
import leat.stream.log.StageHealth;
import leat.stream.reference.Found;
import leat.stream.reference.ReferenceUnavailable;
import leat.stream.reference.ReferenceView;

/// Whom the steps of a process's contracts ask: one client for each service, one view of each
/// reference contract, shared by all.
public final class EnrichmentSources implements Answers, AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Map<String, EnrichmentApi> apis = new LinkedHashMap<>();
    private final Map<String, ReferenceView> views = new LinkedHashMap<>();
    private final Predictor models;

    private EnrichmentSources(Predictor models) {
        this.models = models;
    }

    /// Where the rows of reference contracts are, the installation's own service, and its models.
    public record Place(LogConnection log, Names names, OwnApi own, Predictor models) {

        /// Without a service and models of its own.
        public Place(LogConnection log, Names names) {
            this(log, names, new OwnApi("", Set.of()), Place::noModels);
        }

        private static List<Predicted> noModels(PredictionRequest request) {
            throw new IllegalStateException("there are no models, so no " + request.model());
        }
    }

    /// The Enrichment API that the workspace serves itself.
    ///
    /// @param address of its gRPC door, `127.0.0.1:8086`
    /// @param lookups what it serves; a step asks it for these where the settings do not say
    ///   another place
    public record OwnApi(String address, Set<String> lookups) {
        public OwnApi {
            lookups = Set.copyOf(lookups);
        }

        /// Whether a step of a contract asks it.
        public boolean isAsked(Contract contract, EnricherSettings settings) {
            return contract.steps().stream()
                    .anyMatch(step ->
                            step instanceof EnrichStep.Fetched fetched
                                    && fetched.question().source()
                                            instanceof Source.Service(String name)
                                    && !settings.apis().containsKey(name)
                                    && lookups.contains(name));
        }

        private Optional<ApiSettings> find(String name) {
            return lookups.contains(name)
                    ? Optional.of(ApiSettings.at("grpc://" + address + "/" + name))
                    : Optional.empty();
        }
    }

    /// Opens what the contracts' steps name. Nobody has to answer yet.
    ///
    /// @throws IllegalArgumentException when a step names a service that the settings do not know
    public static EnrichmentSources open(
            Place place, Contracts contracts, EnricherSettings settings) {
        EnrichmentSources sources = new EnrichmentSources(place.models());
        try {
            for (Contract contract : contracts.all()) {
                for (EnrichStep step : contract.steps()) {
                    if (step instanceof EnrichStep.Fetched fetched) {
                        switch (fetched.question().source()) {
                            case Source.Service(String name) ->
                                    sources.openApi(place, contract, name, settings);
                            case Source.Reference(String name) ->
                                    sources.openView(place, contracts, name, settings);
                        }
                    }
                }
            }
            return sources;
        } catch (RuntimeException e) {
            sources.close();
            throw e;
        }
    }

    private void openApi(Place place, Contract contract, String name, EnricherSettings settings) {
        ApiSettings api =
                Optional.ofNullable(settings.apis().get(name))
                        .or(() -> place.own().find(name))
                        .orElseThrow(() -> unknown(place, contract, name, settings));
        apis.computeIfAbsent(name, _ -> EnrichmentApi.of(name, api));
    }

    private static IllegalArgumentException unknown(
            Place place, Contract contract, String name, EnricherSettings settings) {
        Set<String> known = new TreeSet<>(settings.apis().keySet());
        known.addAll(place.own().lookups());
        return new IllegalArgumentException(
                contract.file()
                        + ": a step asks the api '"
                        + name
                        + "', which neither leat.yaml nor a look-up of the workspace has as a name"
                        + (known.isEmpty() ? "" : "; there are " + String.join(", ", known)));
    }

    private void openView(
            Place place, Contracts contracts, String name, EnricherSettings settings) {
        Contract reference =
                contracts
                        .named(name)
                        .orElseThrow(
                                () -> new IllegalArgumentException("there is no contract " + name));
        views.computeIfAbsent(
                name,
                _ ->
                        ReferenceView.open(
                                place.log(), place.names(), reference, settings.referenceMemory()));
    }

    /// How the views of reference contracts are doing, by contract.
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        views.values().forEach(view -> health.put(view.contract().nameAndMajor(), view.health()));
        return health;
    }

    @Override
    public List<Answer> ask(Source source, List<Question> questions, Duration timeout) {
        return switch (source) {
            case Source.Service(String name) -> known(apis, name).ask(questions, timeout);
            case Source.Reference(String name) -> {
                ReferenceView view = ready(known(views, name));
                yield questions.stream().map(question -> answer(view, question)).toList();
            }
        };
    }

    @Override
    public List<Predicted> predict(PredictionRequest request) {
        return models.predict(request);
    }

    private static <T> T known(Map<String, T> sources, String name) {
        T source = sources.get(name);
        if (source == null) {
            throw new IllegalStateException(name + " was not opened");
        }
        return source;
    }

    /// Events wait for the reference data; they never die for want of it.
    private static ReferenceView ready(ReferenceView view) {
        try {
            while (!view.awaitReady(LOOK)) {
                stopWith(view);
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        return view;
    }

    /// @throws PartitionStopped when the view has stopped
    private static void stopWith(ReferenceView view) {
        if (view.health() instanceof StageHealth.Stopped(String why)) {
            throw new PartitionStopped(
                    "the rows of "
                            + view.contract().nameAndMajor()
                            + " cannot be looked up: "
                            + why);
        }
    }

    private static Answer answer(ReferenceView view, Question question) {
        Found found;
        try {
            found = view.find(question.key());
        } catch (ReferenceUnavailable e) {
            throw new PartitionStopped(String.valueOf(e.getMessage()));
        }
        return switch (found) {
            case Found.Hit hit -> new Answer.Found(values(hit.row()), hit.seen().toString());
            case Found.Miss miss -> new Answer.Missing(miss.seen().toString());
            case Found.Unreadable unreadable -> new Answer.Failed(unreadable.why());
        };
    }

    private static Map<String, Object> values(Row row) {
        Map<String, Object> values = new HashMap<>();
        for (int i = 0; i < row.fields().size(); i++) {
            Field field = row.fields().get(i);
            Object value = row.value(i);
            if (value != null) {
                values.put(field.name(), value);
            }
        }
        return values;
    }

    @Override
    public void close() {
        apis.values().forEach(EnrichmentApi::close);
        views.values().forEach(ReferenceView::stop);
        views.values().forEach(ReferenceView::close);
    }
}
