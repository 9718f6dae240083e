package leat.ml.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.MonitoringState;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfiledFeature;
import leat.core.monitor.SeenWindow;
import leat.core.outcome.Outcome;
import leat.core.prediction.Scoring;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.stream.log.EventHeader;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Reads what stands in the log of a window of a scoring: its vectors, and the predictions that
/// were appended in it. The same window reads the same whenever it is read.
///
/// Of more than [LogStretch#MAX_ROWS] records in a topic only about so many are looked at, by their
/// offsets.
final class WindowReading {

    private static final Pattern TOOK = Pattern.compile("(\\d{1,9})/(\\d{1,18})");

    private final Names names;
    private final Scoring scoring;
    private final TrainedVersion.Source trained;
    private final List<ProfiledFeature> features;
    private final List<ProfiledFeature> scores;
    private final Optional<LabelReading> labels;

    WindowReading(Names names, Scoring scoring, TrainedVersion.Source trained) {
        this.names = names;
        this.scoring = scoring;
        this.trained = trained;
        List<ProfiledFeature> given = new ArrayList<>();
        for (Field field : scoring.view().contract().fields()) {
            if (scoring.features().contains(field.name())) {
                profiled(field.name(), field.type()).ifPresent(given::add);
            }
        }
        List<ProfiledFeature> made = new ArrayList<>();
        scoring.outputs()
                .forEach(output -> profiled(output.name(), output.type()).ifPresent(made::add));
        this.features = List.copyOf(given);
        this.scores = List.copyOf(made);
        this.labels =
                scoring.monitoring()
                        .flatMap(monitoring ->
                                monitoring
                                        .labels()
                                        .map(one ->
                                                new LabelReading(
                                                        names,
                                                        scoring,
                                                        one,
                                                        one.lag(monitoring.window()))));
    }

    /// Empty for times, lists and objects, which have no drift.
    private static Optional<ProfiledFeature> profiled(String name, FieldType type) {
        return switch (type) {
            case FieldType.Real _, FieldType.Int _, FieldType.Bool _ ->
                    Optional.of(ProfiledFeature.number(name));
            case FieldType.Text _ -> Optional.of(ProfiledFeature.category(name));
            default -> Optional.empty();
        };
    }

    /// Reads the window.
    ///
    /// @param state which has the baselines of versions whose training is not known
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    SeenWindow read(LogReader reader, long startMillis, long endMillis, MonitoringState state) {
        SequencedMap<String, SeenVersion> versions = new LinkedHashMap<>();
        predictions(reader, startMillis, endMillis, state, versions);
        long[] vectors = {0, Long.MIN_VALUE};
        Contract contract = scoring.view().contract();
        RowReading rows = new RowReading(contract, features);
        LogStretch stretch =
                LogStretch.between(
                        reader, names.vectors(contract), contract, startMillis, endMillis);
        stretch.read(
                reader,
                record -> {
                    vectors[0]++;
                    vectors[1] = Math.max(vectors[1], record.timestamp());
                },
                record ->
                        rows.values(record)
                                .ifPresent(values ->
                                        versions.values()
                                                .forEach(version ->
                                                        version.vector(key(record), values))));
        return new SeenWindow(
                startMillis,
                endMillis,
                vectors[0],
                vectors[0] == 0 ? OptionalLong.empty() : OptionalLong.of(vectors[1]),
                versions.values().stream().map(SeenVersion::seen).toList(),
                labels.map(reading -> reading.read(reader, startMillis, endMillis, state)));
    }

    private void predictions(
            LogReader reader,
            long startMillis,
            long endMillis,
            MonitoringState state,
            Map<String, SeenVersion> versions) {
        for (Contract contract : scoring.contracts()) {
            boolean answers = contract.name().equals(scoring.contract().name());
            RowReading rows = new RowReading(contract, scores);
            int failure =
                    contract.fields().stream().map(Field::name).toList().indexOf(Scoring.FAILURE);
            LogStretch.between(
                            reader, names.predictions(contract), contract, startMillis, endMillis)
                    .read(
                            reader,
                            record -> took(record, state, versions),
                            record -> {
                                String version =
                                        EventHeader.text(record.headers(), EventHeaders.MODEL);
                                Optional<Row> row = rows.row(record);
                                if (version != null && row.isPresent()) {
                                    versions.computeIfAbsent(version, name -> open(name, state))
                                            .prediction(
                                                    key(record),
                                                    answers,
                                                    row.get().value(failure) == null
                                                            ? rows.values(row.get())
                                                            : null,
                                                    delay(record));
                                }
                            });
        }
    }

    /// Of every record: it is about all rows of a batch, and stands on few of them.
    private void took(
            ConsumerRecord<byte[], byte[]> record,
            MonitoringState state,
            Map<String, SeenVersion> versions) {
        String took = EventHeader.text(record.headers(), EventHeaders.MODEL_TOOK);
        if (took == null) {
            return;
        }
        String version = EventHeader.text(record.headers(), EventHeaders.MODEL);
        if (version != null) {
            Matcher matcher = TOOK.matcher(took);
            if (matcher.matches()) {
                versions.computeIfAbsent(version, name -> open(name, state))
                        .took(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            }
        }
    }

    /// Negative for what a foreign producer wrote.
    private static double delay(ConsumerRecord<byte[], byte[]> record) {
        OptionalLong event = EventHeader.eventMicros(record.headers());
        return event.isEmpty() ? -1 : (record.timestamp() * 1_000 - event.getAsLong()) / 1e6;
    }

    private SeenVersion open(String version, MonitoringState state) {
        TrainedVersion known = trained.of(version);
        return new SeenVersion(
                version,
                known,
                new Sighting(
                        features,
                        baseline(known.features(), features)
                                .or(() -> state.baseline(version).features())),
                new Sighting(
                        scores,
                        baseline(known.scores(), scores)
                                .or(() -> state.baseline(version).scores())));
    }

    /// What of a training profile the scoring has; the one score of both is the same by whatever
    /// name.
    private static Optional<Profile> baseline(
            Optional<Profile> training, List<ProfiledFeature> wanted) {
        if (training.isEmpty()) {
            return Optional.empty();
        }
        SequencedMap<String, FeatureProfile> all = training.get().features();
        SequencedMap<String, FeatureProfile> common = new LinkedHashMap<>();
        for (ProfiledFeature feature : wanted) {
            @Nullable FeatureProfile found =
                    wanted.size() == 1 && all.size() == 1
                            ? all.firstEntry().getValue()
                            : all.get(feature.name());
            boolean number = feature.kind() == ProfiledFeature.Kind.NUMBER;
            if (found != null && number == (found instanceof FeatureProfile.Numbers)) {
                common.put(feature.name(), found);
            }
        }
        return common.isEmpty() ? Optional.empty() : Optional.of(new Profile(common));
    }

    private static long key(ConsumerRecord<byte[], byte[]> record) {
        return ((long) record.partition() << 48) ^ record.offset();
    }

    /// Records of a contract as rows of some of its fields. Numbers are rounded to what a training
    /// knows of them, else a frequent 0.1 would be below the edge that 0.1 had there.
    private static final class RowReading {
        private final Validator validator;
        private final List<Integer> places;

        RowReading(Contract contract, List<ProfiledFeature> wanted) {
            List<String> names = contract.fields().stream().map(Field::name).toList();
            this.validator = Validator.forEnriched(contract);
            this.places = wanted.stream().map(one -> names.indexOf(one.name())).toList();
        }

        /// Empty for what a foreign producer wrote.
        Optional<Row> row(ConsumerRecord<byte[], byte[]> record) {
            byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
            return validator.validate(value) instanceof Outcome.Valid valid
                    ? Optional.of(valid.row())
                    : Optional.empty();
        }

        List<@Nullable Object> values(Row row) {
            List<@Nullable Object> values = new ArrayList<>(places.size());
            for (int place : places) {
                values.add(
                        row.value(place) instanceof Number number
                                ? Float.valueOf(number.floatValue())
                                : row.value(place));
            }
            return values;
        }

        Optional<List<@Nullable Object>> values(ConsumerRecord<byte[], byte[]> record) {
            return row(record).map(this::values);
        }
    }

    /// A version while its window is read.
    private static final class SeenVersion {
        private final String name;
        private final TrainedVersion known;
        private final Sighting features;
        private final Sighting scores;
        private boolean answering;
        private long predictions;
        private long failed;
        private long timed;
        private double delays;
        private double longestDelay;
        private long rows;
        private long nanos;

        SeenVersion(String name, TrainedVersion known, Sighting features, Sighting scores) {
            this.name = name;
            this.known = known;
            this.features = features;
            this.scores = scores;
        }

        void took(long asked, long forNanos) {
            rows += asked;
            nanos += forNanos;
        }

        void vector(long key, List<? extends @Nullable Object> values) {
            features.add(key, values);
        }

        /// @param values null when there are none
        void prediction(
                long key,
                boolean answers,
                @Nullable List<? extends @Nullable Object> values,
                double delaySeconds) {
            answering |= answers;
            predictions++;
            if (values == null) {
                failed++;
            } else {
                scores.add(key, values);
            }
            if (delaySeconds >= 0) {
                timed++;
                delays += delaySeconds;
                longestDelay = Math.max(longestDelay, delaySeconds);
            }
        }

        SeenWindow.Version seen() {
            return new SeenWindow.Version(
                    name,
                    answering,
                    predictions,
                    failed,
                    new SeenWindow.Delays(
                            timed == 0 ? Double.NaN : delays / timed,
                            timed == 0 ? Double.NaN : longestDelay),
                    known.createdMillis(),
                    new SeenWindow.Cost(rows, nanos / 1e9, known.sizeBytes()),
                    features.seen(),
                    scores.seen());
        }
    }
}
