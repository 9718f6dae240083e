package leat.stream.monitor;

import java.time.Instant;
import java.util.OptionalDouble;
import leat.core.alert.Alert;
import leat.core.alert.AlertChange;
import leat.core.contract.QualityRule;
import leat.core.quality.Verdict;
import leat.core.quality.Windows;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the monitor says: a verdict, and an alert as it stands.
final class ResultJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ResultJson() {}

    /// One window's verdict.
    static byte[] verdict(String contract, Windows.Closed window) {
        ObjectNode node = rule(contract, window.rule());
        node.put("windowStart", time(window.startMillis()));
        node.put("windowEnd", time(window.endMillis()));
        node.put("verdict", window.verdict().judgement().word());
        node.put("events", window.tally().rows());
        node.put("counted", window.tally().hits());
        verdict(window.verdict(), node);
        return JSON.writeValueAsBytes(node);
    }

    /// An alert that has changed.
    ///
    /// @param atMillis when it did, in append time
    /// @param window that did it; null for a command
    static byte[] alert(
            String contract,
            QualityRule rule,
            Alert alert,
            long atMillis,
            Windows.@Nullable Closed window) {
        return new AlertChange(
                        new AlertChange.Subject(
                                contract,
                                rule.id(),
                                rule.name(),
                                rule.field(),
                                rule.demand(),
                                rule.alert().map(QualityRule.AlertPolicy::severity)),
                        alert,
                        atMillis,
                        window == null ? OptionalDouble.empty() : window.verdict().value(),
                        window == null ? "" : window.verdict().note())
                .bytes();
    }

    private static ObjectNode rule(String contract, QualityRule rule) {
        ObjectNode node = JSON.createObjectNode();
        node.put("contract", contract);
        node.put("rule", rule.id());
        node.put("name", rule.name());
        node.put("field", rule.field());
        node.put("demand", rule.demand());
        return node;
    }

    private static void verdict(Verdict verdict, ObjectNode node) {
        verdict.value().ifPresent(value -> node.put("value", value));
        if (!verdict.note().isEmpty()) {
            node.put("note", verdict.note());
        }
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
