package leat.stream.enricher;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import leat.core.contract.Contract;
import leat.core.contract.EnrichQuestion;
import leat.core.contract.EnrichStep;
import leat.core.enrich.Answers;
import leat.stream.enricher.api.ApiSettings;
import leat.stream.enricher.api.EnrichmentApi;

/// Whom the steps of a process's contracts ask: one client for each service, shared by all.
public final class EnrichmentSources implements Answers, AutoCloseable {

    private final Map<String, EnrichmentApi> apis = new LinkedHashMap<>();

    /// Opens what the contracts' steps name. No service has to answer yet.
    ///
    /// @throws IllegalArgumentException when a step names a service that the settings do not know
    public static EnrichmentSources open(
            List<Contract> contracts, Map<String, ApiSettings> services) {
        EnrichmentSources sources = new EnrichmentSources();
        for (Contract contract : contracts) {
            for (EnrichStep step : contract.steps()) {
                if (step instanceof EnrichStep.Fetched fetched
                        && fetched.question().source()
                                instanceof EnrichQuestion.Source.Service(String name)) {
                    ApiSettings settings = services.get(name);
                    if (settings == null) {
                        throw unknown(contract, name, services);
                    }
                    sources.apis.computeIfAbsent(name, _ -> EnrichmentApi.of(name, settings));
                }
            }
        }
        return sources;
    }

    private static IllegalArgumentException unknown(
            Contract contract, String name, Map<String, ApiSettings> services) {
        return new IllegalArgumentException(
                contract.file()
                        + ": a step asks the api '"
                        + name
                        + "', and leat.yaml knows "
                        + (services.isEmpty()
                                ? "none"
                                : "only " + String.join(", ", new TreeSet<>(services.keySet()))));
    }

    @Override
    public List<Answer> ask(
            EnrichQuestion.Source source, List<Question> questions, Duration timeout) {
        return switch (source) {
            case EnrichQuestion.Source.Service(String name) -> {
                EnrichmentApi api = apis.get(name);
                if (api == null) {
                    throw new IllegalStateException("api " + name + " was not opened");
                }
                yield api.ask(questions, timeout);
            }
            case EnrichQuestion.Source.Reference(String contract) ->
                    throw new IllegalStateException("reference " + contract + " was not opened");
        };
    }

    @Override
    public void close() {
        apis.values().forEach(EnrichmentApi::close);
    }
}
