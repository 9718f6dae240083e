package leat.core.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;

/// Reads `gates` of a training.
final class GatesReader {

    private static final Set<String> GATE_KEYS =
            Set.of("metric", "at-least", "at-most", "better-than");
    private static final int MOST_GATES = 100;

    private GatesReader() {}

    /// @param hasBaseline whether there is something to be better than
    static List<Gate> read(Keys keys, boolean hasBaseline) {
        List<Gate> gates = new ArrayList<>();
        for (Keys gate : keys.list("gates")) {
            gate.allow(GATE_KEYS);
            Optional<String> metric = gate.requiredText("metric", "name the metric, e.g. f1");
            metric.filter(name -> !Gate.METRICS.contains(name))
                    .ifPresent(name ->
                            gate.complain(
                                    "metric",
                                    "there is no metric '" + name + "'",
                                    NearestName.remedy(name, Gate.METRICS)));
            Optional<Gate.Bound> bound = bound(gate, hasBaseline);
            metric.ifPresent(name -> bound.ifPresent(one -> gates.add(new Gate(name, one))));
        }
        if (gates.size() > MOST_GATES) {
            keys.complain("gates", "are more than " + MOST_GATES, "remove some");
        }
        return gates;
    }

    private static Optional<Gate.Bound> bound(Keys gate, boolean hasBaseline) {
        List<Gate.Bound> bounds = new ArrayList<>();
        gate.decimal("at-least")
                .ifPresent(value -> bounds.add(new Gate.Bound.AtLeast(value.doubleValue())));
        gate.decimal("at-most")
                .ifPresent(value -> bounds.add(new Gate.Bound.AtMost(value.doubleValue())));
        Optional<String> better = gate.text("better-than");
        better.ifPresent(word -> {
            if (!word.equals(TrainingReader.BASELINE)) {
                gate.complain(
                        "better-than",
                        "'" + word + "' is nothing to compare with",
                        "write " + TrainingReader.BASELINE);
            } else if (!hasBaseline) {
                gate.complain(
                        "better-than",
                        "there is no baseline",
                        "name one beside algorithm, e.g. baseline: logistic");
            }
            bounds.add(new Gate.Bound.BetterThanBaseline());
        });
        if (bounds.size() == 1) {
            return Optional.of(bounds.getFirst());
        }
        gate.complain(
                "metric",
                bounds.isEmpty() ? "has no bound" : "has more than one bound",
                "write at-least, at-most or better-than, one in each gate");
        return Optional.empty();
    }
}
