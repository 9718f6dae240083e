package leat.core.feature;

import static leat.core.feature.Aggregate.AGE;
import static leat.core.feature.Aggregate.DISTINCT;
import static leat.core.feature.Aggregate.FIRST;
import static leat.core.feature.Aggregate.LAST;
import static leat.core.feature.Aggregate.MAX;
import static leat.core.feature.Aggregate.MEAN;
import static leat.core.feature.Aggregate.MIN;
import static leat.core.feature.Aggregate.RATE;
import static leat.core.feature.Aggregate.STDDEV;
import static leat.core.feature.Aggregate.SUM;

import java.util.Set;
import leat.core.feature.Shape.ValueKind;

/// Which partial aggregates a series' outputs ask of its tiles; the count is always kept.
///
/// @param windowed whether anything is
/// @param value whether any is of the values, not only of their count
record Needs(
        ValueKind kind,
        boolean windowed,
        boolean value,
        boolean sum,
        boolean squares,
        boolean min,
        boolean max,
        boolean first,
        boolean last,
        boolean distinct,
        int distinctLimit) {

    static Needs of(Shape.Series series) {
        Set<Aggregate> needs = series.needs();
        boolean squares = needs.contains(STDDEV);
        boolean sum = squares || needs.contains(SUM) || needs.contains(MEAN);
        boolean min = needs.contains(MIN);
        boolean max = needs.contains(MAX);
        boolean first = needs.contains(FIRST) || needs.contains(RATE);
        boolean last = needs.contains(LAST) || needs.contains(RATE) || needs.contains(AGE);
        boolean distinct = needs.contains(DISTINCT);
        return new Needs(
                series.kind(),
                !needs.isEmpty(),
                sum || min || max || first || last || distinct,
                sum,
                squares,
                min,
                max,
                first,
                last,
                distinct,
                series.distinctLimit());
    }

    boolean stamps() {
        return first || last;
    }
}
