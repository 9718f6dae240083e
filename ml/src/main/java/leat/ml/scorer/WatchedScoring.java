package leat.ml.scorer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import leat.core.event.Names;
import leat.core.score.Evidence;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the monitoring of models has found out about a scoring, as its topic of results says it.
///
/// @param scoring `NAME.vN`
/// @param version that is judged; what is said of the scoring as a whole is said of it
public record WatchedScoring(
        LogReader log, Admin admin, Names names, String scoring, String version) {

    private static final int RESULTS = 5_000;
    private static final Set<String> QUALITY = Set.of("precision", "recall");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// A verdict on a window.
    private record Result(JsonNode json) {

        String text(String key) {
            return json.path(key).asString("");
        }

        boolean isJudged() {
            return text("verdict").equals("passed") || text("verdict").equals("failed");
        }
    }

    /// The topic that verdicts are on.
    public static String topic(Names names) {
        return names.shared("monitoring");
    }

    /// What is known beside the alerts; nothing where nothing is watched.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public Evidence.Watched watched(List<Evidence.OpenAlert> alerts) {
        List<Result> results = results();
        return new Evidence.Watched(alerts, quality(results), verdicts(results));
    }

    /// The newest last.
    private List<Result> results() {
        List<Result> results = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
                new NewestRecords(log, admin).of(topic(names), RESULTS)) {
            try {
                Result result = new Result(JSON.readTree(record.value()));
                if (result.text("contract").equals(scoring) && result.isJudged()) {
                    results.add(result);
                }
            } catch (JacksonException _) {
                // A foreign record is no verdict.
            }
        }
        return results;
    }

    private List<Evidence.OnlineQuality> quality(List<Result> results) {
        Map<String, Map<String, Double>> metrics = new LinkedHashMap<>();
        Map<String, Long> rows = new LinkedHashMap<>();
        Map<String, String> versions = new LinkedHashMap<>();
        Map<String, String> windows = new LinkedHashMap<>();
        for (Result result : results.reversed()) {
            if (QUALITY.contains(result.text("rule")) && result.json().path("value").isNumber()) {
                String of = result.text("version").isEmpty() ? version : result.text("version");
                String key = of + " " + result.text("windowStart");
                metrics.computeIfAbsent(key, _ -> new TreeMap<>())
                        .putIfAbsent(result.text("rule"), result.json().path("value").asDouble());
                rows.merge(key, result.json().path("rows").asLong(0), Math::min);
                versions.putIfAbsent(key, of);
                windows.putIfAbsent(key, result.text("windowStart"));
            }
        }
        return metrics.entrySet().stream()
                .map(one ->
                        new Evidence.OnlineQuality(
                                versions.getOrDefault(one.getKey(), ""),
                                windows.getOrDefault(one.getKey(), ""),
                                one.getValue(),
                                rows.getOrDefault(one.getKey(), 0L)))
                .toList();
    }

    private List<Evidence.WindowVerdict> verdicts(List<Result> results) {
        Map<String, Evidence.WindowVerdict> newest = new LinkedHashMap<>();
        for (Result result : results.reversed()) {
            String of = result.text("version");
            if ((of.isEmpty() || of.equals(version)) && !QUALITY.contains(result.text("rule"))) {
                newest.putIfAbsent(
                        result.text("rule"),
                        new Evidence.WindowVerdict(
                                result.text("rule"),
                                result.text("windowStart"),
                                result.text("verdict").equals("passed"),
                                result.text("note")));
            }
        }
        return List.copyOf(newest.values());
    }
}
