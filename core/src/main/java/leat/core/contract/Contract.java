package leat.core.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A data contract, read, checked and resolved: whatever stands in here is usable as it is.
///
/// @param fields the properties of one event, in the contract's order
/// @param id the fields whose values identify an event when the client gives no id; may be empty
/// @param key the field whose value is the Kafka key; without one the identity's hash is
/// @param time the field that carries the event's time; without one `ce_time`, else the append time
/// @param timeBounds what event times are believable, relative to the append time
/// @param dedupeWindow how long an identity is remembered, in log-append time
/// @param reference how it is reference data; empty where its events are just events
/// @param quality the rules that events keep together
/// @param encoding what clients may send beside JSON
/// @param protections what is done to fields' values after all steps, one a field
/// @param lifecycle whether it is in use, and until when
/// @param file where the contract was read
public record Contract(
        ContractName name,
        ContractVersion version,
        String description,
        List<Field> fields,
        List<FieldPath> id,
        Optional<FieldPath> key,
        Optional<FieldPath> time,
        TimeBounds timeBounds,
        UnknownFields unknownFields,
        Duration dedupeWindow,
        LogSettings log,
        LakeSettings lake,
        List<EnrichStep> steps,
        Optional<Reference> reference,
        Quality quality,
        Optional<PayloadEncoding> encoding,
        List<Protection> protections,
        Lifecycle lifecycle,
        Path file) {

    public Contract {
        fields = List.copyOf(fields);
        id = List.copyOf(id);
        steps = List.copyOf(steps);
        protections = List.copyOf(protections);
    }

    /// The fields as enriched events, tables and indices have them. They are [#fields] in all but
    /// what a protection changes: the type of a hashed or masked text, and a field that is cut out
    /// is required of nobody.
    public List<Field> publishedFields() {
        return PublishedFields.of(fields, protections);
    }

    /// An active contract of JSON events that are no reference data, without rules of quality, with
    /// nothing to protect.
    public Contract(
            ContractName name,
            ContractVersion version,
            String description,
            List<Field> fields,
            List<FieldPath> id,
            Optional<FieldPath> key,
            Optional<FieldPath> time,
            TimeBounds timeBounds,
            UnknownFields unknownFields,
            Duration dedupeWindow,
            LogSettings log,
            LakeSettings lake,
            List<EnrichStep> steps,
            Path file) {
        this(
                name,
                version,
                description,
                fields,
                id,
                key,
                time,
                timeBounds,
                unknownFields,
                dedupeWindow,
                log,
                lake,
                steps,
                Optional.empty(),
                Quality.NONE,
                Optional.empty(),
                List.of(),
                Lifecycle.ACTIVE,
                file);
    }

    /// `car-telemetry.v1`: the part of every derived name that the contract gives.
    public String nameAndMajor() {
        return name + ".v" + version.major();
    }

    /// `car_telemetry_v1`: the SQL and Iceberg name.
    public String tableName() {
        return name.tableName() + "_v" + version.major();
    }

    /// The same with other fields, e.g. with one that a step adds.
    public Contract withFields(List<Field> others) {
        return with(others, log, steps, quality, encoding);
    }

    /// The same with other steps, e.g. those alone that ask nobody.
    public Contract withSteps(List<EnrichStep> others) {
        return with(fields, log, others, quality, encoding);
    }

    /// The same with another encoding, e.g. with more of its writers.
    public Contract withEncoding(PayloadEncoding other) {
        return with(fields, log, steps, quality, Optional.of(other));
    }

    /// The same with other rules.
    public Contract withQuality(Quality other) {
        return with(fields, log, steps, other, encoding);
    }

    /// The same with another number of partitions.
    public Contract withPartitions(int partitions) {
        return with(fields, new LogSettings(partitions, log.retention()), steps, quality, encoding);
    }

    private Contract with(
            List<Field> otherFields,
            LogSettings otherLog,
            List<EnrichStep> otherSteps,
            Quality otherQuality,
            Optional<PayloadEncoding> otherEncoding) {
        return new Contract(
                name,
                version,
                description,
                otherFields,
                id,
                key,
                time,
                timeBounds,
                unknownFields,
                dedupeWindow,
                otherLog,
                lake,
                otherSteps,
                reference,
                otherQuality,
                otherEncoding,
                protections,
                lifecycle,
                file);
    }

    /// An event's time must lie between append time − `past` and append time + `future`.
    public record TimeBounds(Duration past, Duration future) {
        public static final TimeBounds DEFAULT =
                new TimeBounds(Duration.ofDays(3653), Duration.ofDays(1));
    }

    /// How the contract's topics are made. `retention` empty keeps events for ever.
    public record LogSettings(int partitions, Optional<Duration> retention) {}

    /// The contract is reference data: the newest event of each key is what is known of it.
    ///
    /// @param deletedField the top-level boolean field that is true in the event that ends a key;
    ///   empty where a key stays for ever
    public record Reference(Optional<String> deletedField) {}

    /// How the contract's table is laid out.
    ///
    /// @param partitioning by which unit of the event time files are grouped
    /// @param sortBy top-level fields by which rows are sorted within a file
    public record LakeSettings(TimePartitioning partitioning, List<String> sortBy) {
        public LakeSettings {
            sortBy = List.copyOf(sortBy);
        }
    }

    /// The units of event time that a table can be partitioned by.
    public enum TimePartitioning {
        NONE,
        HOUR,
        DAY,
        MONTH
    }
}
