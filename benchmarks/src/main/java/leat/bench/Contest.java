package leat.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// A subject against its peers in interleaved rounds, so that a slow minute of the machine meets
/// all of them. The peer with the best median is the limit.
final class Contest {

    private final String metric;
    private final String roles;
    private final Run.Work subject;
    private final Map<String, Run.Work> peers;
    private final Consumer<String> progress;

    Contest(
            String metric,
            String roles,
            Run.Work subject,
            Map<String, Run.Work> peers,
            Consumer<String> progress) {
        this.metric = metric;
        this.roles = roles;
        this.subject = subject;
        this.peers = new LinkedHashMap<>(peers);
        this.progress = progress;
    }

    /// One round unmeasured, to warm up, and `rounds` measured ones.
    Metric hold(int rounds) {
        List<Run> subjectRuns = new ArrayList<>();
        Map<String, List<Run>> peerRuns = new LinkedHashMap<>();
        peers.keySet().forEach(name -> peerRuns.put(name, new ArrayList<>()));
        for (int round = 0; round <= rounds; round++) {
            boolean counts = round > 0;
            record(subjectRuns, counts, "leat", subject);
            for (Map.Entry<String, Run.Work> peer : peers.entrySet()) {
                record(
                        peerRuns.getOrDefault(peer.getKey(), new ArrayList<>()),
                        counts,
                        peer.getKey(),
                        peer.getValue());
            }
        }
        Map.Entry<String, List<Run>> best =
                peerRuns.entrySet().stream()
                        .max(
                                Comparator.comparingDouble(
                                        peer -> median(peer.getValue(), Run::eventsPerSecond)))
                        .orElseThrow();
        double value = median(subjectRuns, Run::eventsPerSecond);
        double limit = median(best.getValue(), Run::eventsPerSecond);
        return new Metric(
                metric,
                value,
                "events/s",
                limit,
                value / limit,
                median(subjectRuns, Run::cpuSecondsPerMillion),
                median(best.getValue(), Run::cpuSecondsPerMillion),
                best.getKey(),
                rounds,
                roles);
    }

    private void record(List<Run> runs, boolean counts, String name, Run.Work work) {
        Run run = Run.of(work);
        progress.accept(
                String.format(
                        "%s: %s %,.0f events/s, %.1f CPU-s a million%s",
                        metric,
                        name,
                        run.eventsPerSecond(),
                        run.cpuSecondsPerMillion(),
                        counts ? "" : " (warm-up)"));
        if (counts) {
            runs.add(run);
        }
    }

    private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1
                ? sorted[middle]
                : Arrays.stream(sorted, middle - 1, middle + 1).average().orElseThrow();
    }
}
