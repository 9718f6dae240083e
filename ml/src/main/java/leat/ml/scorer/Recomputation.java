package leat.ml.scorer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.monitor.Recomputed;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.Scoring;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.Models;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.scoring.VersionFile;
import leat.stream.log.EventHeader;
import leat.stream.log.LogReader;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Makes predictions again, from their vectors and by the versions that they name. Left out are
/// those whose vector is gone, those of a version that learns as it scores, and those that have no
/// values, then or now: of a version that is gone, or that came too late.
///
/// @param timeout of one run of a model
public record Recomputation(
        LogReader log,
        Admin admin,
        Names names,
        Models models,
        Predictor predictor,
        Duration timeout) {

    private static final int NEWEST = 500;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The newest predictions of a scoring.
    ///
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    public Recomputed newest(Scoring scoring) {
        return of(
                        scoring,
                        new NewestRecords(log, admin)
                                .of(names.predictions(scoring.contract()), NEWEST))
                .values()
                .stream()
                .reduce(Recomputed.NONE, Recomputed::and);
    }

    /// Predictions of a scoring, by their versions.
    ///
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    public Map<String, Recomputed> of(
            Scoring scoring, List<ConsumerRecord<byte[], byte[]>> predictions) {
        if (predictions.isEmpty()) {
            return Map.of();
        }
        Map<String, List<Made>> byVersion = new LinkedHashMap<>();
        for (Made one : made(scoring, predictions)) {
            byVersion.computeIfAbsent(one.version(), _ -> new ArrayList<>()).add(one);
        }
        Map<String, Recomputed> again = new LinkedHashMap<>();
        byVersion.forEach((version, made) ->
                again.put(
                        version,
                        isConstant(version)
                                ? compared(scoring, version, made)
                                : new Recomputed(0, 0, "", made.size())));
        return again;
    }

    /// Whether a version is there, and predicts the same whenever it is asked.
    private boolean isConstant(String reference) {
        try {
            ModelVersion version = models.resolve(ModelReference.parse(reference)).version();
            return !(VersionFile.of(version, models.files(version))
                    instanceof VersionFile.Learning);
        } catch (TrackingRefused | ModelFailed _) {
            return false;
        }
    }

    private Recomputed compared(Scoring scoring, String version, List<Made> made) {
        PredictionJson json = new PredictionJson(scoring);
        List<Predicted> again =
                predictor.predict(
                        new PredictionRequest(
                                ModelReference.parse(version),
                                scoring.features(),
                                made.stream().map(Made::features).toList(),
                                scoring.wanted(),
                                timeout));
        long same = 0;
        long leftOut = 0;
        List<String> different = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            JsonNode was = made.get(i).prediction();
            if (was.has(Scoring.FAILURE)
                    || !(json.fitting(again.get(i)) instanceof Predicted.Values values)) {
                leftOut++;
            } else if (isSame(scoring, was, values)) {
                same++;
            } else {
                different.add(made.get(i).id());
            }
        }
        return new Recomputed(
                same + different.size(),
                different.size(),
                different.stream().findFirst().orElse(""),
                leftOut);
    }

    /// A prediction beside what the model was given.
    private record Made(String id, String version, JsonNode prediction, List<Object> features) {}

    private List<Made> made(Scoring scoring, List<ConsumerRecord<byte[], byte[]>> predictions) {
        String topic = names.vectors(scoring.view().contract());
        Optional<TopicId> id =
                Optional.ofNullable(new Topics(admin, 1).ids(List.of(topic)).get(topic));
        Map<Position, List<ConsumerRecord<byte[], byte[]>>> byVector = new LinkedHashMap<>();
        predictions.forEach(record ->
                vector(record)
                        .filter(position -> Optional.of(position.topic()).equals(id))
                        .ifPresent(position ->
                                byVector.computeIfAbsent(position, _ -> new ArrayList<>())
                                        .add(record)));
        if (byVector.isEmpty()) {
            return List.of();
        }
        List<ConsumerRecord<byte[], byte[]>> vectors =
                new NewestRecords(log, admin)
                                .at(topic, id.orElseThrow(), List.copyOf(byVector.keySet()))
                                .values()
                                .stream()
                                .sorted(
                                        Comparator.comparingInt(
                                                        ConsumerRecord<byte[], byte[]>::partition)
                                                .thenComparingLong(ConsumerRecord::offset))
                                .toList();
        List<Made> made = new ArrayList<>();
        try (VectorReading reading = new VectorReading(scoring, id.get(), log, names)) {
            List<Read> read = reading.read(vectors);
            for (int i = 0; i < read.size(); i++) {
                if (read.get(i) instanceof Read.Complete complete) {
                    Position position = reading.position(vectors.get(i));
                    byVector.getOrDefault(position, List.of())
                            .forEach(record -> made.add(made(record, complete)));
                }
            }
        }
        return made;
    }

    /// Empty for what a foreign producer wrote.
    private static Optional<Position> vector(ConsumerRecord<byte[], byte[]> prediction) {
        try {
            return Optional.of(
                    Position.parse(JSON.readTree(prediction.value()).path("vector").asString("")));
        } catch (JacksonException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Made made(ConsumerRecord<byte[], byte[]> record, Read.Complete vector) {
        JsonNode prediction = JSON.readTree(record.value());
        return new Made(
                Objects.requireNonNullElse(EventHeader.text(record.headers(), EventHeaders.ID), ""),
                prediction.path("model_version").asString(""),
                prediction,
                vector.features());
    }

    private static boolean isSame(Scoring scoring, JsonNode was, Predicted.Values again) {
        boolean same = true;
        for (int i = 0; i < again.values().size(); i++) {
            same &=
                    WrittenValue.isSame(
                            was.path(scoring.outputs().get(i).name()), again.values().get(i));
        }
        return same;
    }
}
