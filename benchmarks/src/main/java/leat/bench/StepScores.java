package leat.bench;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichStep;
import leat.core.contract.EnrichStep.Fallback;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.ModelQuestion;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.model.ModelReference;
import leat.core.scoring.Predictor;
import leat.core.yaml.Location;
import leat.ml.registry.Models;
import leat.ml.scoring.RegisteredModels;
import leat.ml.scoring.RemoteModels;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.EnrichmentSources;
import leat.stream.enricher.Flow;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.admin.Admin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A step of enrichment that asks the [Autoencoder] about each event: of a server, by a call for a
/// batch, beside the same step computed in the enricher, on the same raw topic. What stands on
/// enriched is read back: each event once, with the score that ONNX Runtime alone gives.
final class StepScores {

    private static final String ROLES = "broker, enricher, console";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final Workbench bench;
    private final Names names;
    private final Admin admin;
    private final BareOnnx bare;
    private final List<String> features;
    private final Contract contract;
    private final AtomicInteger round = new AtomicInteger();

    /// @param names under which raw has been filled
    StepScores(Workbench bench, Names names, Admin admin, BareOnnx bare) {
        this.bench = bench;
        this.names = names;
        this.admin = admin;
        this.bare = bare;
        this.features = features(bench.contract());
        this.contract = asking(bench.contract(), features);
    }

    /// The numbers of an event, from the first one again until there are as many as the model
    /// takes.
    private static List<String> features(Contract contract) {
        List<String> numbers =
                contract.fields().stream()
                        .filter(field -> field.required() && isNumber(field.type()))
                        .map(Field::name)
                        .toList();
        return IntStream.range(0, Autoencoder.FEATURES)
                .mapToObj(i -> numbers.get(i % numbers.size()))
                .toList();
    }

    private static boolean isNumber(FieldType type) {
        return type instanceof FieldType.Real || type instanceof FieldType.Int;
    }

    /// The contract with one step, and the field that it sets.
    private static Contract asking(Contract contract, List<String> features) {
        List<Field> fields = new ArrayList<>(contract.fields());
        fields.add(
                new Field(
                        Autoencoder.OUTPUT,
                        FieldType.Real.any(),
                        false,
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        ""));
        EnrichStep step =
                new EnrichStep.Predicted(
                        new ModelQuestion(
                                ModelReference.parse(Autoencoder.NAME + "@champion"),
                                features,
                                PATIENCE),
                        List.of(new EnrichStep.Taken(Autoencoder.OUTPUT, Autoencoder.OUTPUT)),
                        new Fallback.Dead(),
                        new Fallback.Dead(),
                        Location.startOf(contract.file()));
        return contract.withFields(fields).withSteps(List.of(step));
    }

    /// Measures.
    ///
    /// @param server that has the models, `http://HOST:PORT`
    void measure(Models models, URI server, int mostWarmUps) {
        try (RemoteModels asked = new RemoteModels(Map.of(Autoencoder.NAME, server));
                RegisteredModels embedded = new RegisteredModels(models)) {
            new Contest(ROLES, () -> enrich(asked), bench.progress())
                    .against(
                            "score-rpc-vs-embedded",
                            Map.of("the same step in the enricher", () -> enrich(embedded)))
                    .hold(bench.rounds(), mostWarmUps)
                    .forEach(bench.metrics());
        }
    }

    private Run enrich(Predictor predictor) {
        Names out = Workbench.names("score-step-" + round.incrementAndGet());
        String raw = names.raw(contract);
        List<String> topics =
                List.of(out.enriched(contract), out.dead(contract, DeadStage.ENRICHER));
        bench.createTopics(out, topics);
        long records = bench.ends(raw).values().stream().mapToLong(Long::longValue).sum();
        Run run;
        try (EnrichmentSources sources =
                        EnrichmentSources.open(
                                new EnrichmentSources.Place(
                                        bench.log(),
                                        out,
                                        List.of(),
                                        new EnrichmentSources.OwnApi("", Set.of()),
                                        predictor),
                                new Contracts(List.of(contract)),
                                EnricherSettings.DEFAULT);
                Enricher _ =
                        Enricher.start(
                                bench.log(),
                                new Enricher.Instance(
                                        out, "1", bench.folder().resolve(out.prefix())),
                                EnricherSettings.DEFAULT,
                                List.of(flow(raw, out, sources)))) {
            run =
                    Run.following(
                            () -> Workbench.committed(admin, out.group(Enricher.ROLE), raw),
                            records);
        }
        requireScored(out.enriched(contract));
        bench.deleteTopics(topics);
        return run;
    }

    private Flow flow(String raw, Names out, EnrichmentSources sources) {
        return new Flow(
                contract.name().toString(),
                contract.version().toString(),
                raw,
                out.enriched(contract),
                out.dead(contract, DeadStage.ENRICHER),
                contract.dedupeWindow(),
                Flow.of(out, contract, sources).judge());
    }

    /// @throws IllegalStateException when an event is lost or doubled, or has another score
    private void requireScored(String enriched) {
        Set<String> positions = new HashSet<>();
        List<float[]> rows = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        Filling.forEach(
                bench,
                enriched,
                record -> {
                    positions.add(EventHeader.text(record.headers(), EventHeaders.POSITION));
                    JsonNode event = JSON.readTree(record.value());
                    rows.add(BenchVectors.row(event, features));
                    scores.add(event.path(Autoencoder.OUTPUT).asDouble(Double.NaN));
                });
        if (rows.size() != bench.events() || positions.size() != bench.events()) {
            throw new IllegalStateException(
                    rows.size()
                            + " events of "
                            + positions.size()
                            + " positions are enriched, instead of "
                            + bench.events());
        }
        float[] expected = bare.scores(rows);
        for (int i = 0; i < expected.length; i++) {
            if (!BenchVectors.agree(scores.get(i), expected[i])) {
                throw new IllegalStateException(
                        "a step gave the score " + scores.get(i) + " instead of " + expected[i]);
            }
        }
    }
}
