package leat.ml.monitor;

import java.time.Instant;
import leat.core.monitor.ModelJudging.Finding;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A verdict on a window, as it stands on the topic of results.
final class FindingJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FindingJson() {}

    static byte[] bytes(String scoring, long startMillis, long endMillis, Finding finding) {
        ObjectNode node = JSON.createObjectNode();
        node.put("contract", scoring);
        node.put("rule", finding.rule().id());
        if (!finding.version().isEmpty()) {
            node.put("version", finding.version());
            node.put("answers", finding.answers());
        }
        node.put("windowStart", Instant.ofEpochMilli(startMillis).toString());
        node.put("windowEnd", Instant.ofEpochMilli(endMillis).toString());
        node.put("verdict", finding.verdict().judgement().word());
        node.put("rows", finding.rows());
        finding.verdict().value().ifPresent(value -> node.put("value", value));
        if (!finding.verdict().note().isEmpty()) {
            node.put("note", finding.verdict().note());
        }
        if (!finding.drifts().isEmpty()) {
            ObjectNode drifts = node.putObject("drift");
            finding.drifts()
                    .forEach((feature, drift) -> {
                        ObjectNode one = drifts.putObject(feature);
                        one.put("psi", drift.psi());
                        drift.ks().ifPresent(ks -> one.put("ks", ks));
                        one.put("js", drift.js());
                    });
        }
        return JSON.writeValueAsBytes(node);
    }
}
