package leat.ml.scorer;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.contract.FieldType;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.ModelFeature;
import leat.core.model.ModelReference;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.core.scoring.Contributions;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.ml.featurestore.SourceSearch;
import leat.ml.scorer.VectorReading.Read;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Explains predictions from the log: the vector, the events that it is made of, who predicted, and
/// what each feature added, compared with the vectors before.
public final class Explanations {

    private static final Pattern ID =
            Pattern.compile("(?<vector>[^/]+/\\d{1,9}@\\d{1,18})(?:/(?<alias>.+))?");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ScoredLog log;
    private final Names names;
    private final Predictor predictor;
    private final Duration timeout;

    /// Reads by what is given, and leaves it open.
    public Explanations(
            LogReader log, Admin admin, Names names, Predictor predictor, Duration timeout) {
        this.log = new ScoredLog(log, admin, names);
        this.names = names;
        this.predictor = predictor;
        this.timeout = timeout;
    }

    /// Explains a prediction.
    ///
    /// @param id of the prediction, its `ce_id`
    /// @param scorings of the workspace
    /// @param output the field to explain; the first one that is a number where it is empty
    /// @param events how far the events of features are looked for; none are where it is empty
    /// @throws ExplanationRefused when it cannot be explained
    /// @throws LogUnavailable when Kafka does not answer
    public Explanation explain(
            String id,
            List<Scoring> scorings,
            Optional<String> output,
            Optional<SourceSearch.Limits> events) {
        Matcher parts = ID.matcher(id);
        if (!parts.matches()) {
            throw new ExplanationRefused(
                    "'" + id + "' is no prediction: it is not TOPIC-ID/PARTITION@OFFSET",
                    "take what the field vector of a prediction says, and /ALIAS behind it for a"
                            + " shadow's");
        }
        Position position = Position.parse(parts.group("vector"));
        Scoring scoring = scoring(position, scorings);
        Scoring.Output explained = output(scoring, output);
        ConsumerRecord<byte[], byte[]> vector = log.vector(scoring, position);
        JsonNode prediction = log.prediction(scoring, id, parts.group("alias") != null, vector);
        Optional<Term> term = log.term(scoring, position);
        try (VectorReading reading = log.reading(scoring, position.topic())) {
            Read read = reading.read(List.of(vector)).getFirst();
            Optional<Outcome> outcome =
                    read instanceof Read.Complete complete
                            ? Optional.of(
                                    outcome(
                                            scoring,
                                            explained,
                                            prediction.path("model_version").asString(""),
                                            complete,
                                            log.before(scoring, reading, position)))
                            : Optional.empty();
            Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors = reading.vectors(vector);
            NamedEvents.Found found =
                    events.map(limits -> new NamedEvents(log, limits).of(scoring.taken(), vectors))
                            .orElse(NamedEvents.Found.NOTHING);
            return new Explanation(
                    id,
                    scoring.nameAndVersion(),
                    prediction,
                    term.map(one -> one.from().toString()),
                    features(scoring, vectors, found, outcome),
                    log.event(vector),
                    outcome.map(Outcome::explained),
                    found.read(),
                    found.vectors());
        }
    }

    /// @param adds of each feature, in the model's order; empty where nothing was compared
    private record Outcome(Explanation.Explained explained, List<Double> adds) {}

    private Scoring scoring(Position vector, List<Scoring> scorings) {
        String topic =
                log.topic(vector)
                        .orElseThrow(() ->
                                new ExplanationRefused(
                                        "the log has no topic " + vector.topic() + " any more",
                                        "ask for a prediction of a vector that is still there"));
        List<Scoring> found =
                scorings.stream()
                        .filter(one -> names.vectors(one.view().contract()).equals(topic))
                        .toList();
        if (found.isEmpty()) {
            throw new ExplanationRefused(
                    "no scoring of the workspace is about the vectors of " + topic,
                    "take the workspace that has the file in models/ and the view's version");
        }
        if (found.size() > 1) {
            throw new ExplanationRefused(
                    "several scorings are about the vectors of "
                            + topic
                            + ": "
                            + found.stream().map(one -> one.name().value()).toList(),
                    "name one of them with --scoring");
        }
        return found.getFirst();
    }

    private static Scoring.Output output(Scoring scoring, Optional<String> wanted) {
        List<Scoring.Output> numbers =
                scoring.outputs().stream()
                        .filter(one ->
                                one.type() instanceof FieldType.Real
                                        || one.type() instanceof FieldType.Int
                                        || one.type() instanceof FieldType.Bool)
                        .toList();
        return numbers.stream()
                .filter(one -> wanted.map(one.name()::equals).orElse(true))
                .findFirst()
                .orElseThrow(() ->
                        new ExplanationRefused(
                                wanted.map(name -> "'" + name + "' is no number of the scoring ")
                                                .orElse("there is no number among the outputs of ")
                                        + scoring.name(),
                                "choose one of "
                                        + numbers.stream().map(Scoring.Output::name).toList()));
    }

    private Outcome outcome(
            Scoring scoring,
            Scoring.Output output,
            String version,
            Read.Complete vector,
            List<List<Object>> before) {
        Contributions.Model model = rows -> answers(scoring, output, version, rows);
        try {
            double now = model.answers(List.of(vector.features())).getFirst();
            if (before.isEmpty()) {
                return new Outcome(
                        new Explanation.Explained(
                                output.name(), Optional.of(now), Optional.empty(), 0),
                        List.of());
            }
            Contributions found = Contributions.of(vector.features(), before, model);
            return new Outcome(
                    new Explanation.Explained(
                            output.name(),
                            Optional.of(now),
                            Optional.of(found.expected()),
                            before.size()),
                    found.values());
        } catch (ModelFailed e) {
            return new Outcome(
                    new Explanation.Explained(
                            output.name(), Optional.empty(), Optional.empty(), before.size()),
                    List.of());
        }
    }

    private List<Double> answers(
            Scoring scoring, Scoring.Output output, String version, List<List<Object>> rows) {
        return predictor
                .predict(
                        new PredictionRequest(
                                ModelReference.parse(version),
                                scoring.features(),
                                rows,
                                List.of(output.value()),
                                timeout))
                .stream()
                .map(Explanations::number)
                .toList();
    }

    private static double number(Predicted predicted) {
        return switch (predicted) {
            case Predicted.Failed(String why) -> throw new ModelFailed(why);
            case Predicted.Values(List<Object> values, String _) ->
                    switch (values.getFirst()) {
                        case Number number -> number.doubleValue();
                        case Boolean truth -> truth ? 1 : 0;
                        default -> throw new ModelFailed("the model gives no number");
                    };
        };
    }

    /// @param vectors by their views; a view may have none
    private static List<Explanation.FeatureValue> features(
            Scoring scoring,
            Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors,
            NamedEvents.Found events,
            Optional<Outcome> outcome) {
        Map<CompiledView, JsonNode> values = new HashMap<>();
        vectors.forEach((view, vector) -> values.put(view, JSON.readTree(vector.value())));
        List<Double> adds = outcome.map(Outcome::adds).orElse(List.of());
        List<Explanation.FeatureValue> features = new ArrayList<>();
        for (int i = 0; i < scoring.taken().size(); i++) {
            ModelFeature taken = scoring.taken().get(i);
            features.add(
                    feature(
                            taken,
                            Optional.ofNullable(values.get(taken.view())),
                            adds.isEmpty() ? Optional.empty() : Optional.of(adds.get(i)),
                            Optional.ofNullable(events.features().get(taken))));
        }
        return features;
    }

    /// What is known of one feature.
    ///
    /// @param vector that has it
    static Explanation.FeatureValue feature(
            ModelFeature taken,
            Optional<JsonNode> vector,
            Optional<Double> adds,
            Optional<Explanation.FeatureEvents> events) {
        FeatureView view = taken.view().view();
        FeatureView.Feature feature =
                view.features().stream()
                        .filter(one -> one.name().equals(taken.feature()))
                        .findFirst()
                        .orElseThrow();
        return new Explanation.FeatureValue(
                taken.name(),
                vector.flatMap(values -> value(values.path(taken.feature()))),
                made(feature),
                feature.window()
                        .flatMap(window ->
                                vector.map(values -> from(view, window, queryTime(values)))),
                adds,
                events);
    }

    private static Instant queryTime(JsonNode vector) {
        return Instant.parse(vector.path(CompiledView.QUERY_TIME).asString());
    }

    private static Optional<Object> value(JsonNode node) {
        if (node.isNumber()) {
            return Optional.of(node.numberValue());
        }
        if (node.isBoolean()) {
            return Optional.of(node.booleanValue());
        }
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }

    private static String made(FeatureView.Feature feature) {
        String expression = feature.expression().orElse("");
        return feature.window()
                .map(window ->
                        window.aggregate().word()
                                + "("
                                + expression
                                + ")"
                                + window.where().map(where -> " where " + where).orElse(""))
                .orElse(expression);
    }

    /// The older end of a window, which moves by hops.
    private static Instant from(FeatureView view, FeatureView.Windowed window, Instant time) {
        long hop = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(view.hop()));
        long end = ChronoUnit.MICROS.between(Instant.EPOCH, time.minus(window.window()));
        return Instant.EPOCH.plus(Math.floorDiv(end, hop) * hop, ChronoUnit.MICROS);
    }
}
