package leat.launcher.cli;

import java.util.List;
import leat.ml.featurestore.BackfillStatus;
import leat.ml.featurestore.FeatureBackfill;
import leat.ml.featurestore.FeatureFlow;

/// How far views were at a time of the JVM's clock.
///
/// @param statuses one a view
record BackfillSample(long nanos, List<BackfillStatus> statuses) {

    BackfillSample {
        statuses = List.copyOf(statuses);
    }

    static BackfillSample of(FeatureBackfill backfill, List<FeatureFlow> flows) {
        return new BackfillSample(System.nanoTime(), backfill.look(flows));
    }

    /// How many records a second a view has left behind it since an earlier sample of the same
    /// views.
    double rate(BackfillSample before, int view) {
        long processed = statuses.get(view).processed() - before.statuses.get(view).processed();
        return Math.max(0, processed) / ((nanos - before.nanos) / 1e9);
    }
}
