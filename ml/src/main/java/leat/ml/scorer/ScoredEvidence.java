package leat.ml.scorer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.contract.Field;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileTally;
import leat.core.outcome.Outcome;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.Scoring;
import leat.core.score.Evidence;
import leat.core.score.SeenPredictions;
import leat.core.score.SeenVectors;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.stream.log.EventHeader;
import leat.stream.log.LogReader;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the log shows of how a view's vectors are served and a scoring predicts. All methods throw
/// [leat.stream.log.LogUnavailable] when Kafka does not answer.
public record ScoredEvidence(LogReader log, Admin admin, Names names) {

    private static final int VECTORS = 2_000;
    private static final int PREDICTIONS = 2_000;
    private static final int TIMED = 500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// The terms of a scoring, the earliest first.
    public List<Evidence.DatedTerm> terms(Scoring scoring) {
        List<Evidence.DatedTerm> terms = new ArrayList<>();
        if (id(names.scoring()).isEmpty()) {
            return terms;
        }
        Terms.each(
                log,
                names,
                scoring.nameAndVersion(),
                (term, millis) ->
                        terms.add(new Evidence.DatedTerm(term, Instant.ofEpochMilli(millis))));
        terms.sort(Comparator.comparing(Evidence.DatedTerm::at));
        return terms;
    }

    private Optional<TopicId> id(String topic) {
        return Optional.ofNullable(new Topics(admin, 1).ids(List.of(topic)).get(topic));
    }

    /// The newest vectors of a view; empty where there is none.
    ///
    /// @param like the profile whose features and intervals are looked at; nothing where it is
    ///   empty
    public Optional<SeenVectors> vectors(CompiledView view, Optional<Profile> like) {
        String topic = names.vectors(view.contract());
        Optional<TopicId> id = id(topic);
        List<ConsumerRecord<byte[], byte[]>> records =
                new NewestRecords(log, admin).of(topic, VECTORS);
        if (id.isEmpty() || records.isEmpty()) {
            return Optional.empty();
        }
        Validator validator = Validator.forEnriched(view.contract());
        List<String> fields = view.contract().fields().stream().map(Field::name).toList();
        Optional<ProfileTally> tally = like.map(ProfileTally::new);
        List<Integer> places =
                like
                        .map(profile -> List.copyOf(profile.features().keySet()))
                        .orElse(List.of())
                        .stream()
                        .map(fields::indexOf)
                        .toList();
        Instant newest = Instant.EPOCH;
        String position = "";
        long count = 0;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (validator.validate(record.value()) instanceof Outcome.Valid valid) {
                count++;
                position = new Position(id.get(), record.partition(), record.offset()).toString();
                newest = time(valid.row(), fields, newest);
                tally.ifPresent(one -> one.add(values(valid.row(), places)));
            }
        }
        return Optional.of(
                new SeenVectors(
                        count, newest, position, tally.map(ProfileTally::profile), delay(records)));
    }

    private static Instant time(Row row, List<String> fields, Instant newest) {
        return row.value(fields.indexOf(CompiledView.QUERY_TIME)) instanceof Instant time
                        && time.isAfter(newest)
                ? time
                : newest;
    }

    /// As the training has them: a feature that there is not, or that is null, is NaN.
    private static List<Object> values(Row row, List<Integer> places) {
        List<Object> values = new ArrayList<>(places.size());
        for (int place : places) {
            @Nullable Object value = place < 0 ? null : row.value(place);
            values.add(
                    switch (value) {
                        case Number number -> number.floatValue();
                        case Boolean truth -> truth ? 1f : 0f;
                        case null, default -> Float.NaN;
                    });
        }
        return values;
    }

    /// How long after its event a vector was in the log, of 99 of 100 of the newest.
    private OptionalLong delay(List<ConsumerRecord<byte[], byte[]>> vectors) {
        List<ConsumerRecord<byte[], byte[]>> timed =
                vectors.subList(Math.max(0, vectors.size() - TIMED), vectors.size());
        List<Position> events =
                timed.stream()
                        .map(vector -> EventHeader.origin(vector.headers()))
                        .flatMap(Optional::stream)
                        .toList();
        if (events.isEmpty()) {
            return OptionalLong.empty();
        }
        ScoredLog scored = new ScoredLog(log, admin, names);
        Optional<String> topic = scored.topic(events.getLast());
        if (topic.isEmpty()) {
            return OptionalLong.empty();
        }
        Map<Position, ConsumerRecord<byte[], byte[]>> found =
                new NewestRecords(log, admin).at(topic.get(), events.getLast().topic(), events);
        long[] rising =
                timed.stream()
                        .flatMapToLong(vector ->
                                EventHeader.origin(vector.headers())
                                        .flatMap(at -> Optional.ofNullable(found.get(at)))
                                        .stream()
                                        .mapToLong(event ->
                                                Math.max(
                                                        0, vector.timestamp() - event.timestamp())))
                        .sorted()
                        .toArray();
        return rising.length == 0
                ? OptionalLong.empty()
                : OptionalLong.of(rising[(int) Math.min(rising.length - 1, rising.length * 0.99)]);
    }

    /// The newest predictions of a scoring; empty where there is none.
    ///
    /// @param version the one that is judged, `failure-risk/3`
    public Optional<SeenPredictions> predictions(Scoring scoring, String version) {
        List<ConsumerRecord<byte[], byte[]>> records =
                new NewestRecords(log, admin)
                        .of(names.predictions(scoring.contract()), PREDICTIONS);
        if (records.isEmpty()) {
            return Optional.empty();
        }
        long made = 0;
        long failed = 0;
        long unstable = 0;
        String newest = "";
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode prediction = JSON.readTree(record.value());
            if (prediction.path("model_version").asString("").equals(version)) {
                made++;
                String failure = prediction.path(Scoring.FAILURE).asString("");
                failed += failure.isEmpty() ? 0 : 1;
                unstable += PredictionJson.isNotFinite(failure) ? 1 : 0;
                newest = failure.isEmpty() ? id(record) : newest;
            }
        }
        return Optional.of(new SeenPredictions(records.size(), made, failed, unstable, newest));
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return Objects.requireNonNullElse(EventHeader.text(record.headers(), EventHeaders.ID), "");
    }
}
