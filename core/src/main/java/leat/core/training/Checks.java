package leat.core.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the data of a training are to be like. Nothing is trained on others.
///
/// @param leastRows of all
/// @param mostUnreadable the share of records that may break their schema
/// @param mostMissing the share of vectors that may lack a feature, of any that has no bound of its
///   own
/// @param mostDrift how far a feature may have drifted from the version before, as the population
///   stability index; not looked at when empty
/// @param features what single features are to be like
public record Checks(
        int leastRows,
        double mostUnreadable,
        OptionalDouble mostMissing,
        OptionalDouble mostDrift,
        SortedMap<String, Bounds> features) {

    public Checks {
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
    }

    /// What one feature is to be like.
    ///
    /// @param mostMissing the share of vectors that may lack it
    public record Bounds(OptionalDouble min, OptionalDouble max, OptionalDouble mostMissing) {
        static final Bounds NONE =
                new Bounds(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /// How many records of one kind keep their schema.
    ///
    /// @param records that were looked at
    /// @param unreadable those of them that break it
    /// @param first where the first of these stands, and what is wrong with it; empty without one
    public record Kept(long records, long unreadable, String first) {}

    /// What the vectors have of a feature.
    ///
    /// @param vectors how many were looked at
    /// @param missing how many of them lack it
    /// @param infinite how many have it, and not as a finite number
    /// @param min NaN where none has it
    /// @param max NaN where none has it
    public record Seen(long vectors, long missing, long infinite, double min, double max) {}

    /// Everything that is wrong with the data.
    ///
    /// @param rows that would be learned from or judged by
    /// @param kept by what the records are, `vectors of state.v1`
    /// @param seen by feature
    /// @param drifts the population stability index by feature; none where there is no version
    ///   before
    public List<String> objections(
            long rows,
            SortedMap<String, Kept> kept,
            SortedMap<String, Seen> seen,
            SortedMap<String, Double> drifts) {
        List<String> objections = new ArrayList<>();
        if (rows < leastRows) {
            objections.add(
                    String.format(
                            Locale.ROOT,
                            "there are %,d rows, at least %,d are wanted",
                            rows,
                            leastRows));
        }
        kept.forEach((what, one) -> schemaObjection(what, one).ifPresent(objections::add));
        seen.forEach((feature, one) ->
                objections.addAll(
                        objections(feature, features.getOrDefault(feature, Bounds.NONE), one)));
        if (mostDrift.isPresent()) {
            for (Map.Entry<String, Double> drift : drifts.entrySet()) {
                if (!(drift.getValue() <= mostDrift.getAsDouble())) {
                    objections.add(
                            String.format(
                                    Locale.ROOT,
                                    "%s has drifted by %.3f since the version before, at most %s"
                                            + " is allowed",
                                    drift.getKey(),
                                    drift.getValue(),
                                    mostDrift.getAsDouble()));
                }
            }
        }
        return objections;
    }

    private Optional<String> schemaObjection(String what, Kept kept) {
        double unreadable = kept.records() == 0 ? 0 : (double) kept.unreadable() / kept.records();
        return unreadable > mostUnreadable
                ? Optional.of(
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d %s (%.2f%%) break their schema, at most %.2f%% may"
                                        + " (the first is %s)",
                                kept.unreadable(),
                                kept.records(),
                                what,
                                100 * unreadable,
                                100 * mostUnreadable,
                                kept.first()))
                : Optional.empty();
    }

    private List<String> objections(String feature, Bounds bounds, Seen seen) {
        List<String> objections = new ArrayList<>();
        OptionalDouble most = bounds.mostMissing().isPresent() ? bounds.mostMissing() : mostMissing;
        double missing = seen.vectors() == 0 ? 0 : (double) seen.missing() / seen.vectors();
        if (most.isPresent() && missing > most.getAsDouble()) {
            objections.add(
                    String.format(
                            Locale.ROOT,
                            "%s is missing in %.2f%% of the vectors, at most %.2f%% may lack it",
                            feature,
                            100 * missing,
                            100 * most.getAsDouble()));
        }
        if (seen.infinite() > 0) {
            objections.add(
                    String.format(
                            Locale.ROOT,
                            "%s is beyond what a model's number holds in %,d vectors",
                            feature,
                            seen.infinite()));
        }
        if (bounds.min().isPresent() && seen.min() < bounds.min().getAsDouble()) {
            objections.add(feature + " is " + seen.min() + ", below " + bounds.min().getAsDouble());
        }
        if (bounds.max().isPresent() && seen.max() > bounds.max().getAsDouble()) {
            objections.add(feature + " is " + seen.max() + ", above " + bounds.max().getAsDouble());
        }
        return objections;
    }
}
