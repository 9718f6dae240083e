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
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.Monitoring;
import leat.core.monitor.MonitoringState;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfiledFeature;
import leat.core.monitor.Recomputed;
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
/// were appended in it. The same window reads the same whenever it is read, but for what became of
/// predictions that are made again, by versions as the registry has them then.
///
/// Of more than [LogStretch#MAX_ROWS] records in a topic only about so many are looked at, by their
/// offsets.
final class WindowReading {

    private static final Pattern TOOK = Pattern.compile("(\\d{1,9})/(\\d{1,18})");

    private final Names names;
    private final Scoring scoring;
    private final TrainedVersion.Source trained;
    private final Remaking remaking;
    private final int madeAgain;

    /// The views by whose vectors drift is seen, the scored one first.
    private final List<Given> given;

    private final List<ProfiledFeature> scores;
    private final Optional<LabelReading> labels;

    WindowReading(Names names, Scoring scoring, TrainedVersion.Source trained, Remaking remaking) {
        this.names = names;
        this.scoring = scoring;
        this.trained = trained;
        this.remaking = remaking;
        this.madeAgain = scoring.monitoring().map(Monitoring::agreement).orElse(0);
        this.given =
                scoring.views()
                        .filter(view ->
                                view.equals(scoring.view()) || scoring.view().isBeside(view))
                        .map(view -> Given.of(scoring, view))
                        .toList();
        List<ProfiledFeature> made = new ArrayList<>();
        scoring.outputs()
                .forEach(output -> profiled(output.name(), output.type()).ifPresent(made::add));
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

    /// What the model is given of a view. Another view than the scored one is only looked at where
    /// it sees no more events than that: of more of them the vectors are not what the model gets.
    ///
    /// @param fields the features as the view's vectors have them
    /// @param features the same as the model calls them
    private record Given(Contract vectors, List<String> fields, List<ProfiledFeature> features) {

        static Given of(Scoring scoring, CompiledView view) {
            List<String> fields = new ArrayList<>();
            List<ProfiledFeature> features = new ArrayList<>();
            for (ModelFeature one : scoring.taken()) {
                Optional<ProfiledFeature> feature = profiled(one.name(), one.type());
                if (one.view().equals(view) && feature.isPresent()) {
                    fields.add(one.feature());
                    features.add(feature.get());
                }
            }
            return new Given(view.contract(), List.copyOf(fields), List.copyOf(features));
        }
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
        for (int view = 0; view < given.size(); view++) {
            boolean scored = view == 0;
            int place = view;
            RowReading rows = new RowReading(given.get(view).vectors(), given.get(view).fields());
            stretch(reader, given.get(view).vectors(), startMillis, endMillis)
                    .read(
                            reader,
                            record -> {
                                if (scored) {
                                    vectors[0]++;
                                    vectors[1] = Math.max(vectors[1], record.timestamp());
                                }
                            },
                            record ->
                                    rows.values(record)
                                            .ifPresent(values ->
                                                    versions.values()
                                                            .forEach(version ->
                                                                    version.vector(
                                                                            place,
                                                                            key(record),
                                                                            values))));
        }
        return new SeenWindow(
                startMillis,
                endMillis,
                vectors[0],
                vectors[0] == 0 ? OptionalLong.empty() : OptionalLong.of(vectors[1]),
                versions.values().stream().map(SeenVersion::seen).toList(),
                labels.map(reading -> reading.read(reader, startMillis, endMillis, state)));
    }

    private LogStretch stretch(
            LogReader reader, Contract vectors, long startMillis, long endMillis) {
        return LogStretch.between(reader, names.vectors(vectors), vectors, startMillis, endMillis);
    }

    private void predictions(
            LogReader reader,
            long startMillis,
            long endMillis,
            MonitoringState state,
            Map<String, SeenVersion> versions) {
        NewestPredictions newest = new NewestPredictions(madeAgain);
        for (Contract contract : scoring.contracts()) {
            boolean answers = contract.name().equals(scoring.contract().name());
            RowReading rows =
                    new RowReading(contract, scores.stream().map(ProfiledFeature::name).toList());
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
                                    boolean hasValues = row.get().value(failure) == null;
                                    versions.computeIfAbsent(version, name -> open(name, state))
                                            .prediction(
                                                    key(record),
                                                    answers,
                                                    hasValues ? rows.values(row.get()) : null,
                                                    delay(record));
                                    if (hasValues) {
                                        newest.add(version, record);
                                    }
                                }
                            });
        }
        remaking.again(reader, scoring, newest.all())
                .forEach((version, again) ->
                        versions.computeIfAbsent(version, name -> open(name, state)).again(again));
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
                given.stream()
                        .map(view ->
                                sighting(
                                        view.features(),
                                        known.features(),
                                        state.baseline(version).features()))
                        .toList(),
                sighting(scores, known.scores(), state.baseline(version).scores()));
    }

    /// @param training empty where the version's is not known
    /// @param first of the version's first window, which takes its place
    private static Sighting sighting(
            List<ProfiledFeature> wanted, Optional<Profile> training, Optional<Profile> first) {
        return new Sighting(wanted, baseline(training, wanted).or(() -> baseline(first, wanted)));
    }

    /// What of an earlier profile is wanted; the one score of both is the same by whatever name.
    private static Optional<Profile> baseline(
            Optional<Profile> earlier, List<ProfiledFeature> wanted) {
        if (earlier.isEmpty()) {
            return Optional.empty();
        }
        SequencedMap<String, FeatureProfile> all = earlier.get().features();
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

        RowReading(Contract contract, List<String> wanted) {
            List<String> names = contract.fields().stream().map(Field::name).toList();
            this.validator = Validator.forEnriched(contract);
            this.places = wanted.stream().map(names::indexOf).toList();
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
        private final List<Sighting> features;
        private final Sighting scores;
        private boolean answering;
        private long predictions;
        private long failed;
        private Recomputed again = Recomputed.NONE;
        private long timed;
        private double delays;
        private double longestDelay;
        private long rows;
        private long nanos;

        SeenVersion(String name, TrainedVersion known, List<Sighting> features, Sighting scores) {
            this.name = name;
            this.known = known;
            this.features = features;
            this.scores = scores;
        }

        void took(long asked, long forNanos) {
            rows += asked;
            nanos += forNanos;
        }

        void again(Recomputed compared) {
            again = compared;
        }

        /// @param view the place of the view that wrote it
        void vector(int view, long key, List<? extends @Nullable Object> values) {
            features.get(view).add(key, values);
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
                    again,
                    new SeenWindow.Delays(
                            timed == 0 ? Double.NaN : delays / timed,
                            timed == 0 ? Double.NaN : longestDelay),
                    known.createdMillis(),
                    new SeenWindow.Cost(rows, nanos / 1e9, known.sizeBytes()),
                    Sighting.seen(features),
                    scores.seen());
        }
    }
}
