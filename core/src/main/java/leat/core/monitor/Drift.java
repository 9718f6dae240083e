package leat.core.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// How far the values of a feature have moved from a baseline, by three measures over the same
/// intervals or categories. Each measure comes with the level that chance alone reaches, once in a
/// million comparisons of independent rows of the same distribution, so that a small window is not
/// taken for drift.
///
/// In PSI and Jensen-Shannon the absent values (null, NaN, infinite) are an interval of their own;
/// Kolmogorov-Smirnov looks at the finite ones alone. A constant of the baseline drifts when other
/// values come: see [Histogram#edges(double[])]. Between profiles of which one has no rows nothing
/// can be said.
///
/// @param psi population stability index, Σ (a - e) ln(a / e) of the shares a now and e in the
///   baseline: Siddiqi 2006, "Credit Risk Scorecards", chapter 8; the same as the divergence of
///   Jeffreys 1946, <https://doi.org/10.1098/rspa.1946.0056>. Half a row is added to each interval
///   of either profile, so that an empty one gives no infinity; intervals empty in both are left
///   out. Symmetric, 0 for equal counts
/// @param ks the Kolmogorov-Smirnov statistic, the largest distance between the two distribution
///   functions: Smirnov 1948, <https://doi.org/10.1214/aoms/1177730256>. Measured at the edges of
///   the intervals, so the true one may be greater by as much as an interval has. Symmetric, 0 to
///   1; empty for categories, and where one profile has no finite value
/// @param js the Jensen-Shannon divergence in bits: Lin 1991, <https://doi.org/10.1109/18.61115>.
///   Symmetric, 0 to 1
/// @param psiByChance the quantile of 1 - 1e-6 of what PSI is asymptotically without drift: χ² with
///   one degree of freedom less than intervals, times 1/n + 1/m; Yurdakul and Naranjo 2020,
///   <https://doi.org/10.21314/JRMV.2020.227>
/// @param ksByChance what the statistic exceeds with a probability of 1e-6 asymptotically,
///   √(ln(2e6) / 2 · (1/n + 1/m)); empty where `ks` is
/// @param jsByChance that of PSI divided by 8 ln 2, as both are alike for small drift
public record Drift(
        double psi,
        OptionalDouble ks,
        double js,
        double psiByChance,
        OptionalDouble ksByChance,
        double jsByChance) {

    private static final double ADDED = 0.5;

    /// The quantile of 1 - 1e-6 of the standard normal distribution.
    private static final double NORMAL_QUANTILE = 4.753424;

    private static final double KS_FACTOR = Math.sqrt(Math.log(2e6) / 2);
    private static final double LN_2 = Math.log(2);

    /// From where on drift is alarming.
    ///
    /// @param psi by a rule of thumb of scorecards, below 0.1 little has changed and from 0.25 on
    ///   much
    public record Limits(double psi, double ks, double js) {

        /// What a shift of half a standard deviation reaches.
        public static final Limits DEFAULT = new Limits(0.25, 0.2, 0.05);
    }

    /// A measure that is beyond its limit, and beyond chance.
    ///
    /// @param measure `psi`, `ks` or `js`
    public record Beyond(String measure, double value, double limit) {}

    /// The drift of one feature.
    ///
    /// @param now made by the intervals or categories of the baseline
    /// @return empty when one of them has no rows
    /// @throws IllegalArgumentException when the profiles tell different things apart
    public static Optional<Drift> between(FeatureProfile baseline, FeatureProfile now) {
        if (baseline.rows() == 0 || now.rows() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                switch (baseline) {
                    case FeatureProfile.Numbers then
                            when now instanceof FeatureProfile.Numbers to
                                    && to.histogram().edges().equals(then.histogram().edges()) ->
                            ofNumbers(then, to);
                    case FeatureProfile.Categories then
                            when now instanceof FeatureProfile.Categories to
                                    && to.counts().keySet().equals(then.counts().keySet()) ->
                            ofCategories(then, to);
                    case FeatureProfile _ ->
                            throw new IllegalArgumentException(
                                    "profiles that tell different things apart have no drift");
                });
    }

    /// The drift of all features that both profiles have and have rows of.
    public static SequencedMap<String, Drift> between(Profile baseline, Profile now) {
        SequencedMap<String, Drift> drifts = new LinkedHashMap<>();
        for (Map.Entry<String, FeatureProfile> feature : baseline.features().entrySet()) {
            Optional.ofNullable(now.features().get(feature.getKey()))
                    .flatMap(current -> between(feature.getValue(), current))
                    .ifPresent(drift -> drifts.put(feature.getKey(), drift));
        }
        return drifts;
    }

    /// The measures that are alarming.
    public List<Beyond> beyond(Limits limits) {
        List<Beyond> beyond = new ArrayList<>();
        if (psi >= limits.psi() && psi >= psiByChance) {
            beyond.add(new Beyond("psi", psi, limits.psi()));
        }
        ks.ifPresent(distance -> {
            if (distance >= limits.ks() && distance >= ksByChance.orElse(1)) {
                beyond.add(new Beyond("ks", distance, limits.ks()));
            }
        });
        if (js >= limits.js() && js >= jsByChance) {
            beyond.add(new Beyond("js", js, limits.js()));
        }
        return beyond;
    }

    private static Drift ofNumbers(FeatureProfile.Numbers then, FeatureProfile.Numbers now) {
        List<Long> before = then.histogram().counts();
        List<Long> after = now.histogram().counts();
        long n = then.histogram().total();
        long m = now.histogram().total();
        boolean comparable = n > 0 && m > 0;
        return of(
                shares(before, then.absent(), n, then.rows()),
                shares(after, now.absent(), m, now.rows()),
                comparable
                        ? OptionalDouble.of(distance(before, n, after, m))
                        : OptionalDouble.empty(),
                comparable
                        ? OptionalDouble.of(KS_FACTOR * Math.sqrt(1.0 / n + 1.0 / m))
                        : OptionalDouble.empty());
    }

    private static Drift ofCategories(
            FeatureProfile.Categories then, FeatureProfile.Categories now) {
        List<Long> before = new ArrayList<>();
        List<Long> after = new ArrayList<>();
        then.counts()
                .forEach((text, count) -> {
                    before.add(count);
                    after.add(now.counts().getOrDefault(text, 0L));
                });
        before.add(then.others());
        after.add(now.others());
        return of(
                shares(before, then.nulls(), then.rows() - then.nulls(), then.rows()),
                shares(after, now.nulls(), now.rows() - now.nulls(), now.rows()),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    /// Counts of all intervals, the absent last, as if only as many rows had been looked at as the
    /// histogram has.
    ///
    /// @param counted values in the histogram, all or a sample
    private static double[] shares(List<Long> counts, long absent, long counted, long rows) {
        double[] shares = new double[counts.size() + 1];
        for (int i = 0; i < counts.size(); i++) {
            shares[i] = counts.get(i);
        }
        double sampled = rows == absent ? 1 : (double) counted / (rows - absent);
        shares[counts.size()] = absent * sampled;
        return shares;
    }

    private static Drift of(
            double[] before, double[] after, OptionalDouble ks, OptionalDouble ksByChance) {
        double n = 0;
        double m = 0;
        int intervals = 0;
        for (int i = 0; i < before.length; i++) {
            n += before[i];
            m += after[i];
            intervals += before[i] + after[i] > 0 ? 1 : 0;
        }
        double psi = 0;
        double js = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] + after[i] > 0) {
                double smoothBefore = (before[i] + ADDED) / (n + ADDED * intervals);
                double smoothAfter = (after[i] + ADDED) / (m + ADDED * intervals);
                psi += (smoothAfter - smoothBefore) * Math.log(smoothAfter / smoothBefore);
                js += divergence(before[i] / n, after[i] / m);
            }
        }
        double chance = chiSquared(intervals - 1) * (1 / n + 1 / m);
        return new Drift(
                psi, ks, Math.clamp(js / 2, 0, 1), chance, ksByChance, chance / (8 * LN_2));
    }

    private static double divergence(double one, double other) {
        double middle = (one + other) / 2;
        double sum = one == 0 ? 0 : one * Math.log(one / middle) / LN_2;
        return sum + (other == 0 ? 0 : other * Math.log(other / middle) / LN_2);
    }

    private static double distance(List<Long> before, long n, List<Long> after, long m) {
        long below = 0;
        long belowNow = 0;
        double largest = 0;
        for (int i = 0; i < before.size(); i++) {
            below += before.get(i);
            belowNow += after.get(i);
            largest = Math.max(largest, Math.abs((double) below / n - (double) belowNow / m));
        }
        return largest;
    }

    /// The quantile of 1 - 1e-6 by Wilson and Hilferty 1931,
    /// <https://doi.org/10.1073/pnas.17.12.684>: too great by a tenth at two degrees, and by less
    /// at more.
    private static double chiSquared(int degrees) {
        if (degrees == 0) {
            return 0;
        }
        double part = 2.0 / (9 * degrees);
        double root = 1 - part + NORMAL_QUANTILE * Math.sqrt(part);
        return degrees * root * root * root;
    }
}
