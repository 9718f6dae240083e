package leat.launcher.demo;

import java.util.List;

/// What became of the events of one demo; the last line of `leat demo --json`.
///
/// @param sent handed to the collector
/// @param accepted acknowledged by it: in the log
/// @param enriched came out of the enricher, read as committed
/// @param dead refused, at the collector or at the enricher
/// @param duplicates dropped by the enricher as repeated
/// @param searchable found by the search engine
/// @param inLake rows of the lake's tables
/// @param p50Millis from acceptance to the enriched event being readable, median
/// @param p99Millis the same, 99th percentile
/// @param models what scorings have predicted, where models were shown
/// @param offered the versions that were made while it played
public record DemoReport(
        long sent,
        long accepted,
        long enriched,
        long dead,
        long duplicates,
        long searchable,
        long inLake,
        long p50Millis,
        long p99Millis,
        List<ModelOutcome> models,
        List<OfferedVersion> offered) {

    public DemoReport {
        models = List.copyOf(models);
        offered = List.copyOf(offered);
    }
}
