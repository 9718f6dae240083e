package leat.core.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Points of metrics that a run has logged, each with its offset in the topic of points.
///
/// @param firstOffset of the first one; the others follow it without a gap
public record LoggedPoints(String runId, List<Metric> points, long firstOffset) {

    public LoggedPoints {
        points = List.copyOf(points);
    }

    /// The records of the metrics that have these points.
    public List<TrackingRecord> newest(TrackingFold state) {
        return newest(state.run(runId).map(Run::metrics).orElseGet(TreeMap::new));
    }

    /// The same.
    ///
    /// @param known the run's metrics without these points
    public List<TrackingRecord> newest(SortedMap<String, NewestMetric> known) {
        Map<String, NewestMetric> newest = new TreeMap<>();
        for (int i = 0; i < points.size(); i++) {
            Metric point = points.get(i);
            long offset = firstOffset + i;
            NewestMetric before = newest.getOrDefault(point.key(), known.get(point.key()));
            newest.put(
                    point.key(),
                    before == null ? NewestMetric.of(point, offset) : before.with(point, offset));
        }
        List<TrackingRecord> records = new ArrayList<>();
        newest.values().forEach(metric -> records.add(new TrackingRecord.OfMetric(runId, metric)));
        return records;
    }
}
