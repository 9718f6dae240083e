package leat.stream.enricher;

import java.time.Duration;
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
import leat.core.enrich.Answers;
import leat.core.event.Names;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.stream.enricher.api.ApiSettings;
import leat.stream.enricher.api.EnrichmentApi;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;
import leat.stream.reference.ReferenceView;

/// Whom the steps of a process's contracts ask: one client for each service, one view of each
/// reference contract and feature view, shared by all.
public final class EnrichmentSources implements Answers, AutoCloseable {

    private final Map<String, EnrichmentApi> apis = new LinkedHashMap<>();
    private final Map<String, ReferenceView> references = new LinkedHashMap<>();
    private final Map<String, ViewLookup> views = new LinkedHashMap<>();
    private final Predictor models;

    private EnrichmentSources(Predictor models) {
        this.models = models;
    }

    /// Where the rows of reference contracts and the vectors of views are, the installation's own
    /// service, and its models.
    ///
    /// @param views those of the workspace
    public record Place(
            LogConnection log, Names names, List<ServedView> views, OwnApi own, Predictor models) {

        public Place {
            views = List.copyOf(views);
        }

        /// Without views, a service and models of its own.
        public Place(LogConnection log, Names names) {
            this(log, names, List.of());
        }

        /// Without a service and models of its own.
        public Place(LogConnection log, Names names, List<ServedView> views) {
            this(log, names, views, new OwnApi("", Set.of()), Place::noModels);
        }

        private Optional<ServedView> view(String name) {
            return views.stream()
                    .filter(view -> view.wanted().view().name().value().equals(name))
                    .findFirst();
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
    /// @throws IllegalArgumentException when a step names a service that the settings do not know,
    ///   or neither a contract nor a view
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
                                    sources.openRows(place, contracts, name, settings);
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

    private void openRows(
            Place place, Contracts contracts, String name, EnricherSettings settings) {
        Optional<Contract> reference = contracts.named(name);
        if (reference.isPresent()) {
            references.computeIfAbsent(
                    name,
                    _ ->
                            ReferenceView.open(
                                    place.log(),
                                    place.names(),
                                    reference.get(),
                                    settings.referenceMemory()));
            return;
        }
        ServedView view =
                place.view(name)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "there is no contract or view " + name));
        views.computeIfAbsent(
                name,
                _ ->
                        ViewLookup.open(
                                view,
                                (version, followed) ->
                                        ReferenceView.ofVectors(
                                                place.log(),
                                                place.names(),
                                                version.contract(),
                                                settings.referenceMemory(),
                                                followed)));
    }

    /// The vectors of a view, where a step looks it up.
    public Optional<ViewLookup> view(String name) {
        return Optional.ofNullable(views.get(name));
    }

    /// How the rows of reference contracts and the vectors of views are doing, by name and version.
    public Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        references
                .values()
                .forEach(view -> health.put(view.contract().nameAndMajor(), view.health()));
        views.values().forEach(view -> health.putAll(view.health()));
        return health;
    }

    @Override
    public List<Answer> ask(Source source, List<Question> questions, Duration timeout) {
        return switch (source) {
            case Source.Service(String name) -> known(apis, name).ask(questions, timeout);
            case Source.Reference(String name) -> {
                ViewLookup view = views.get(name);
                yield view == null
                        ? Lookup.inReference(known(references, name)).ask(questions)
                        : view.ask(questions);
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

    @Override
    public void close() {
        apis.values().forEach(EnrichmentApi::close);
        references.values().forEach(ReferenceView::stop);
        views.values().forEach(ViewLookup::stop);
        references.values().forEach(ReferenceView::close);
        views.values().forEach(ViewLookup::close);
    }
}
