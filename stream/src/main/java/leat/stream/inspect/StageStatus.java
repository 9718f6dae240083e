package leat.stream.inspect;

import java.time.Duration;
import java.util.Optional;

/// How one stage of one contract gets on. Duplicates leave no trace in positions: the enricher's
/// metrics count them, and `leat audit` derives them.
///
/// @param stage `collector`, `enricher`, `search` or `lake`
/// @param started whether the stage has a position at all
/// @param recordsPerSecond how fast its position moved between the two samples: for the collector
///   the events accepted, for the others the offsets read. Offsets of enriched events count the
///   markers of transactions too, one a batch and partition
/// @param lag the offsets it has still to read
/// @param rejected the offsets its dead-letter topic takes, markers included: an upper bound
/// @param freshness the age of the newest record it has processed; empty where it cannot be told
///   from positions alone
public record StageStatus(
        String stage,
        boolean started,
        double recordsPerSecond,
        long lag,
        long rejected,
        Optional<Duration> freshness) {}
