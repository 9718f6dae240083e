package leat.core.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpression;
import leat.core.feature.CompiledView;
import leat.core.feature.LabelKeys;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;

/// Reads `labels` of a monitoring; contract, when, field, key and within are as in a training.
///
/// @param outputs the numbers that predictions have
record LabelsReader(
        Keys keys, CompiledView view, List<String> outputs, Checked<Contracts> contracts) {

    private static final Set<String> KEYS =
            Set.of(
                    "contract",
                    "when",
                    "field",
                    "key",
                    "within",
                    "output",
                    "alarm",
                    "precision",
                    "recall");
    private static final Duration LONGEST = Duration.ofDays(7);

    /// Empty where something is wrong, which is then a problem.
    Optional<Labels> read() {
        keys.allow(KEYS);
        Optional<Duration> within = within();
        Optional<String> output = output();
        Optional<Double> alarm = keys.decimal("alarm").map(Number::doubleValue);
        LabelKeys label = new LabelKeys(keys, view);
        Optional<Contract> contract = label.contract(contracts);
        if (contract.isEmpty()) {
            return Optional.empty();
        }
        Optional<RowExpression> when = label.truth(contract.get());
        Optional<FieldPath> key =
                label.key(contract.get()).filter(one -> isText(contract.get(), one));
        Optional<Double> precision = MonitoringReader.number(keys, "precision", 1);
        Optional<Double> recall = MonitoringReader.number(keys, "recall", 1);
        if (within.isEmpty() || output.isEmpty() || when.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Labels(
                        contract.get(),
                        when.get(),
                        key.get(),
                        within.get(),
                        output.get(),
                        alarm.orElse(0.5),
                        precision,
                        recall));
    }

    private Optional<Duration> within() {
        if (keys.mapping().find("within").isEmpty()) {
            keys.complain("within", "is missing", "say how soon the event comes, e.g. 24h");
        }
        return MonitoringReader.duration(keys, "within", Duration.ofSeconds(1), LONGEST);
    }

    private Optional<String> output() {
        String named = keys.text("output").orElse(outputs.isEmpty() ? "" : outputs.getFirst());
        if (!outputs.contains(named)) {
            keys.complain(
                    "output",
                    "the predictions have no number '" + named + "'",
                    NearestName.remedy(named, outputs));
            return Optional.empty();
        }
        return Optional.of(named);
    }

    /// Predictions say whose they are as a text.
    private boolean isText(Contract events, FieldPath key) {
        boolean text =
                key.in(events.publishedFields())
                        .filter(field -> field.type() instanceof FieldType.Text)
                        .isPresent();
        if (!text) {
            keys.complain(
                    "key",
                    "the field '" + key + "' of the contract " + events.name() + " is no text",
                    "name the field that says whose event it is, key: FIELD");
        }
        return text;
    }
}
