package leat.console;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import leat.core.tracking.LoggedPoints;
import leat.core.tracking.Metric;
import leat.core.tracking.TrackingCommand;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRecord;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.ml.tracking.Tracking;

/// Tracking without a log. Its clock stands still.
final class FoldedTracking implements Tracking {

    private record Point(String runId, Metric metric) {}

    private final TrackingFold fold = new TrackingFold();
    private final List<Point> points = new ArrayList<>();

    @Override
    public synchronized <T> T read(Function<TrackingFold, T> question) {
        return question.apply(fold);
    }

    @Override
    public synchronized void write(TrackingCommand command) {
        TrackingCommand.Decision decision = command.decide(fold, 1_000);
        List<TrackingRecord> records = new ArrayList<>(decision.records());
        records.addAll(
                new LoggedPoints(decision.runId(), decision.points(), points.size()).newest(fold));
        decision.points().forEach(metric -> points.add(new Point(decision.runId(), metric)));
        records.forEach(fold::apply);
    }

    @Override
    public synchronized Page<Metric> history(String runId, String metric, PageRequest page) {
        if (fold.run(runId).isEmpty()) {
            throw TrackingRefused.absent("Run with id=" + runId + " not found");
        }
        return page.of(
                points.stream()
                        .filter(point -> point.runId().equals(runId))
                        .map(Point::metric)
                        .filter(point -> point.key().equals(metric))
                        .distinct()
                        .toList());
    }
}
