package leat.stream.inspect;

import java.time.Duration;
import java.util.Optional;

/// How one stage of one contract gets on.
///
/// @param stage `collector`, `enricher`, `search` or `lake`
/// @param started whether the stage has a position at all
/// @param recordsPerSecond how fast its position moved between the two samples: for the collector
///   the events accepted, for the others the offsets read. Offsets of enriched events count the
///   markers of transactions too, one a batch and partition
/// @param lag the offsets it has still to read
/// @param rejected the dead letters it has written since the contract's first event, those that the
///   retention has deleted included. A search loader that was killed may have written one twice.
///   Empty where only an older Leat, which did not count, has run
/// @param duplicates the events it has dropped as duplicates since the contract's first event; the
///   enricher alone does, and where only an older Leat has run nobody counted
/// @param freshness the age of the newest record it has processed; empty where it cannot be told
///   from positions alone
public record StageStatus(
        String stage,
        boolean started,
        double recordsPerSecond,
        long lag,
        Optional<Long> rejected,
        Optional<Long> duplicates,
        Optional<Duration> freshness) {}
