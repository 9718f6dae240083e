package leat.ml.monitor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.ExpressionFailed;
import leat.core.evaluation.EventEvaluation.Moment;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.monitor.LabelledWindow;
import leat.core.monitor.LabelledWindow.Prediction;
import leat.core.monitor.LabelledWindow.Stretch;
import leat.core.monitor.Labels;
import leat.core.monitor.MonitoringState;
import leat.core.outcome.Outcome;
import leat.core.prediction.Scoring;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.stream.log.EventHeader;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Reads the predictions of a window whose labels are there by now, and the labels.
///
/// Of more than [LogStretch#MAX_ROWS] predictions about so many are looked at, by entities: those
/// that are, are with all of their predictions and events.
final class LabelReading {

    private final Names names;
    private final Scoring scoring;
    private final Labels labels;
    private final long lagMillis;
    private final Validator events;
    private final List<Integer> key;

    /// @param lag by how much later than its end a window is looked at
    LabelReading(Names names, Scoring scoring, Labels labels, Duration lag) {
        this.names = names;
        this.scoring = scoring;
        this.labels = labels;
        this.lagMillis = lag.toMillis();
        this.events = Validator.forEnriched(labels.contract());
        this.key = places(labels.key(), labels.contract().publishedFields());
    }

    private static List<Integer> places(FieldPath path, List<Field> fields) {
        List<Integer> places = new ArrayList<>();
        List<Field> level = fields;
        for (String segment : path.segments()) {
            int place = level.stream().map(Field::name).toList().indexOf(segment);
            places.add(place);
            level =
                    level.get(place).type() instanceof FieldType.Struct struct
                            ? struct.fields()
                            : List.of();
        }
        return places;
    }

    /// What became of the predictions of the window so much earlier than this one.
    LabelledWindow read(LogReader reader, long startMillis, long endMillis, MonitoringState state) {
        long start = startMillis - lagMillis;
        long end = endMillis - lagMillis;
        LogStretch answers = predictions(reader, scoring.contract(), start, end);
        long every = answers.every();
        List<Prediction> predictions = new ArrayList<>();
        for (Contract contract : scoring.contracts()) {
            boolean answering = contract.name().equals(scoring.contract().name());
            PredictionReading reading = new PredictionReading(contract, answering);
            LogStretch stretch = answering ? answers : predictions(reader, contract, start, end);
            stretch.read(
                    reader,
                    record ->
                            reading.read(record)
                                    .filter(one -> isLookedAt(every, one.entity()))
                                    .ifPresent(predictions::add));
        }
        List<Moment> happened = new ArrayList<>();
        LogStretch.between(
                        reader,
                        names.enriched(labels.contract()),
                        labels.contract(),
                        start,
                        endMillis)
                .read(
                        reader,
                        record ->
                                event(record)
                                        .filter(one -> isLookedAt(every, one.entity()))
                                        .ifPresent(happened::add));
        return LabelledWindow.join(
                labels,
                new Stretch(start * 1_000, end * 1_000),
                predictions,
                happened,
                state.alarms());
    }

    private LogStretch predictions(
            LogReader reader, Contract contract, long startMillis, long endMillis) {
        return LogStretch.between(
                reader, names.predictions(contract), contract, startMillis, endMillis);
    }

    private static boolean isLookedAt(long every, String entity) {
        return LogStretch.isOneOf(every, entity.hashCode());
    }

    /// Empty for an event that was not to be foretold, and for what a foreign producer wrote.
    private Optional<Moment> event(ConsumerRecord<byte[], byte[]> record) {
        OptionalLong micros = EventHeader.eventMicros(record.headers());
        Row row = row(events, record);
        if (micros.isEmpty() || row == null) {
            return Optional.empty();
        }
        try {
            if (!Boolean.TRUE.equals(labels.when().evaluate(row))) {
                return Optional.empty();
            }
        } catch (ExpressionFailed _) {
            return Optional.empty();
        }
        @Nullable Object value = row;
        for (int place : key) {
            value = value instanceof Row level ? level.value(place) : null;
        }
        return value instanceof String entity
                ? Optional.of(new Moment(entity, micros.getAsLong()))
                : Optional.empty();
    }

    private static @Nullable Row row(Validator validator, ConsumerRecord<byte[], byte[]> record) {
        byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
        return validator.validate(value) instanceof Outcome.Valid valid ? valid.row() : null;
    }

    private static double number(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> Double.NaN;
        };
    }

    /// Predictions of one topic.
    private final class PredictionReading {
        private final Validator validator;
        private final boolean answering;
        private final int entity;
        private final int queryTime;
        private final int output;

        PredictionReading(Contract contract, boolean answering) {
            List<String> fields = contract.fields().stream().map(Field::name).toList();
            this.validator = Validator.forEnriched(contract);
            this.answering = answering;
            this.entity = fields.indexOf(CompiledView.ENTITY);
            this.queryTime = fields.indexOf(CompiledView.QUERY_TIME);
            this.output = fields.indexOf(labels.output());
        }

        /// Empty for one that failed, and for what a foreign producer wrote.
        Optional<Prediction> read(ConsumerRecord<byte[], byte[]> record) {
            String version = EventHeader.text(record.headers(), EventHeaders.MODEL);
            Row row = row(validator, record);
            if (version == null
                    || row == null
                    || !(row.value(entity) instanceof String whose)
                    || !(row.value(queryTime) instanceof Instant time)) {
                return Optional.empty();
            }
            double score = number(row.value(output));
            return Double.isNaN(score)
                    ? Optional.empty()
                    : Optional.of(
                            new Prediction(
                                    whose,
                                    ChronoUnit.MICROS.between(Instant.EPOCH, time),
                                    version,
                                    answering,
                                    score >= labels.alarm()));
        }
    }
}
