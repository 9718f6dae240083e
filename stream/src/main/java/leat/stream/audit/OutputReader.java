package leat.stream.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.audit.AuditLog.TimedOffset;
import leat.stream.audit.Sighting.Place;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads the topics of outputs and notes what each record claims to come from. Since a stage works
/// in the order of raw, it is enough to read up to the first output that is younger than the
/// window, as long as nothing is missing: [#readOn] reads the rest.
final class OutputReader {

    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private final AuditLog log;
    private final AuditRequest request;
    private final Raw raw;
    private final Sightings sightings;
    private final Followed followed;
    private final Complaint complaint;
    private final Map<String, Map<Integer, Long>> reached = new HashMap<>();

    /// What is known of the raw topic.
    record Raw(TopicId id, Map<Integer, OffsetRange> bounds, Map<Integer, PartitionScope> scopes) {}

    /// Takes what is wrong with a record itself.
    @FunctionalInterface
    interface Complaint {
        void about(Output output, Offence offence, String where);
    }

    OutputReader(
            AuditLog log,
            AuditRequest request,
            Raw raw,
            Sightings sightings,
            Followed followed,
            Complaint complaint) {
        this.log = log;
        this.request = request;
        this.raw = raw;
        this.sightings = sightings;
        this.followed = followed;
        this.complaint = complaint;
    }

    /// Reads what belongs to the window.
    ///
    /// @param toTheEnd whether to look for outputs that were written out of order, too
    void read(Output output, boolean toTheEnd) {
        Map<Integer, TimedOffset> starts = log.firstAt(output.topic(), earliest());
        Map<Integer, TimedOffset> ends = log.firstAt(output.topic(), request.to());
        Map<Integer, Long> until = reached.computeIfAbsent(output.topic(), _ -> new HashMap<>());
        output.bounds()
                .forEach((partition, bounds) -> {
                    long start = TimedOffset.offset(starts.get(partition), bounds.to());
                    long end =
                            toTheEnd || !followed.inRawTime()
                                    ? bounds.to()
                                    : TimedOffset.offset(ends.get(partition), bounds.to());
                    OffsetRange range = new OffsetRange(start, Math.min(end, bounds.to()));
                    until.put(partition, Math.max(range.from(), range.to()));
                    take(output, partition, range);
                });
    }

    /// An output with a time of its own is not older than its raw record, but for the difference of
    /// two brokers' clocks.
    private Instant earliest() {
        return followed.inRawTime() || request.from().isBefore(Instant.EPOCH.plus(CLOCKS))
                ? request.from()
                : request.from().minus(CLOCKS);
    }

    /// Reads on to the end.
    void readOn(Output output) {
        Map<Integer, Long> until = reached.getOrDefault(output.topic(), Map.of());
        output.bounds()
                .forEach((partition, bounds) -> {
                    long from = until.getOrDefault(partition, bounds.to());
                    take(output, partition, new OffsetRange(from, bounds.to()));
                });
    }

    private void take(Output output, int partition, OffsetRange range) {
        if (!range.isEmpty()) {
            log.read(output.topic(), partition, range, record -> take(output, record));
        }
    }

    private void take(Output output, ConsumerRecord<byte[], byte[]> record) {
        EventRecord event = new EventRecord(record);
        Optional<Position> claimed = event.position();
        if (claimed.isEmpty() || !claimed.get().topic().equals(raw.id())) {
            if (!event.time().isBefore(request.from()) && event.time().isBefore(request.to())) {
                complaint.about(output, Offence.POSITION_UNKNOWN, event.where());
            }
            return;
        }
        Position position = claimed.get();
        PartitionScope scope = raw.scopes().get(position.partition());
        OffsetRange bounds = raw.bounds().get(position.partition());
        if (scope == null || bounds == null || position.offset() >= bounds.to()) {
            complaint.about(output, Offence.OUTPUT_WITHOUT_RAW, event.where());
            return;
        }
        if (!scope.window().contains(position.offset())) {
            return;
        }
        if (position.partition() != record.partition()) {
            complaint.about(output, Offence.WRONG_PARTITION, event.where());
        }
        if (output.place() == Place.ENRICHED) {
            followed.wrong(event, position)
                    .ifPresent(wrong -> complaint.about(output, wrong, event.where()));
        }
        sightings.add(
                new Sighting(
                        event.identity(position),
                        position.partition(),
                        position.offset(),
                        output.place(),
                        event.attempt(),
                        record.offset()));
    }
}
