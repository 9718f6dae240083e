package leat.launcher.demo;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import leat.core.contract.Contract;
import leat.core.enrich.ExpressionFailed;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.monitor.Labels;
import leat.core.monitor.Monitoring;
import leat.core.outcome.Outcome;
import leat.core.prediction.Scoring;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What scorings predict while a demo plays, and what becomes of it.
final class LivePredictions {

    private final List<Watched> scorings;
    private final Map<String, List<Taker>> takers = new HashMap<>();

    /// Takes the records of a topic.
    private interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record);
    }

    /// @param scorings those whose monitoring names labels are held against them
    LivePredictions(Names names, List<Scoring> scorings) {
        this.scorings = scorings.stream().map(Watched::new).toList();
        for (Watched one : this.scorings) {
            add(names.predictions(one.scoring.contract()), one::answered);
            one.scoring
                    .shadowContract()
                    .ifPresent(contract -> add(names.predictions(contract), one::shadowed));
            one.labels.ifPresent(labels -> {
                Validator validator = Validator.forEnriched(labels.contract());
                add(
                        names.enriched(labels.contract()),
                        record -> one.happened(labels, row(validator, record), record));
            });
        }
    }

    private void add(String topic, Taker taker) {
        takers.computeIfAbsent(topic, _ -> new ArrayList<>()).add(taker);
    }

    private static @Nullable Row row(Validator validator, ConsumerRecord<byte[], byte[]> record) {
        byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
        return validator.validate(value) instanceof Outcome.Valid valid ? valid.row() : null;
    }

    /// The topics that it wants to see.
    List<String> topics() {
        return List.copyOf(takers.keySet());
    }

    /// A record of one of the topics, of the time that the demo plays.
    void take(ConsumerRecord<byte[], byte[]> record) {
        takers.getOrDefault(record.topic(), List.of()).forEach(taker -> taker.take(record));
    }

    /// How many vectors a version has predicted of, as the one that answers or beside it.
    long of(Scoring scoring, String version) {
        return scorings.stream()
                .filter(one -> one.scoring.name().equals(scoring.name()))
                .mapToLong(one -> sum(one.answers, version) + sum(one.shadows, version))
                .sum();
    }

    /// How many vectors were answered by a version.
    long answeredBy(Scoring scoring, String version) {
        return scorings.stream()
                .filter(one -> one.scoring.name().equals(scoring.name()))
                .mapToLong(one -> sum(one.answers, version))
                .sum();
    }

    private static long sum(Map<String, LongAdder> counts, String version) {
        LongAdder count = counts.get(version);
        return count == null ? 0 : count.sum();
    }

    /// What has become of it so far, in the order of the scorings.
    List<ModelOutcome> outcomes() {
        return scorings.stream().map(Watched::outcome).toList();
    }

    /// One scoring.
    private static final class Watched {

        private final Scoring scoring;
        private final Optional<Labels> labels;
        private final Optional<AlarmTally> alarms;
        private final Validator validator;
        private final int entity;
        private final int queryTime;
        private final int output;
        private final Map<String, LongAdder> answers = new ConcurrentHashMap<>();
        private final Map<String, LongAdder> shadows = new ConcurrentHashMap<>();
        private volatile String newest = "";

        Watched(Scoring scoring) {
            Contract contract = scoring.contract();
            List<String> fields = contract.fields().stream().map(field -> field.name()).toList();
            this.scoring = scoring;
            this.labels = scoring.monitoring().flatMap(Monitoring::labels);
            this.alarms = labels.map(one -> new AlarmTally(one.within()));
            this.validator = Validator.forEnriched(contract);
            this.entity = fields.indexOf(CompiledView.ENTITY);
            this.queryTime = fields.indexOf(CompiledView.QUERY_TIME);
            this.output = labels.map(one -> fields.indexOf(one.output())).orElse(-1);
        }

        void answered(ConsumerRecord<byte[], byte[]> record) {
            String version =
                    Objects.requireNonNullElse(
                            EventHeader.text(record.headers(), EventHeaders.MODEL), "");
            answers.computeIfAbsent(version, _ -> new LongAdder()).increment();
            newest = version;
            Row row = labels.isPresent() ? row(validator, record) : null;
            if (row != null
                    && row.value(entity) instanceof String whose
                    && row.value(queryTime) instanceof Instant time) {
                boolean alarm =
                        row.value(output) instanceof Number score
                                && score.doubleValue() >= labels.orElseThrow().alarm();
                alarms.orElseThrow()
                        .predicted(whose, ChronoUnit.MICROS.between(Instant.EPOCH, time), alarm);
            }
        }

        void shadowed(ConsumerRecord<byte[], byte[]> record) {
            String version =
                    Objects.requireNonNullElse(
                            EventHeader.text(record.headers(), EventHeaders.MODEL), "");
            shadows.computeIfAbsent(version, _ -> new LongAdder()).increment();
        }

        void happened(Labels wanted, @Nullable Row row, ConsumerRecord<byte[], byte[]> record) {
            if (row == null || !isTrue(wanted, row)) {
                return;
            }
            if (row.value(wanted.key()) instanceof String whose) {
                alarms.orElseThrow()
                        .happened(whose, EventHeader.eventMicros(record.headers()).orElseThrow());
            }
        }

        private static boolean isTrue(Labels wanted, Row row) {
            try {
                return Boolean.TRUE.equals(wanted.when().evaluate(row));
            } catch (ExpressionFailed _) {
                return false;
            }
        }

        ModelOutcome outcome() {
            Optional<AlarmTally.Outcome> judged = alarms.map(AlarmTally::outcome);
            return new ModelOutcome(
                    scoring.name().value(),
                    Optional.of(newest).filter(version -> !version.isEmpty()),
                    answers.values().stream().mapToLong(LongAdder::sum).sum(),
                    judged.map(AlarmTally.Outcome::alarms).orElse(0L),
                    judged.flatMap(AlarmTally.Outcome::precision),
                    judged.map(AlarmTally.Outcome::events).orElse(0L),
                    judged.flatMap(AlarmTally.Outcome::recall),
                    judged.filter(one -> one.leadMicros().isPresent())
                            .map(one -> one.leadMicros().getAsLong() / 1e6));
        }
    }
}
