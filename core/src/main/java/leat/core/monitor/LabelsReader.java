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
import leat.core.enrich.RowExpressions;
import leat.core.feature.CompiledView;
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
        Optional<Contract> contract = contract();
        if (contract.isEmpty()) {
            return Optional.empty();
        }
        Optional<RowExpression> when = when(contract.get());
        Optional<FieldPath> key = key(contract.get());
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

    private Optional<Contract> contract() {
        if (!(contracts instanceof Checked.Sound<Contracts>(Contracts sound))) {
            return Optional.empty();
        }
        String name = keys.text("contract").orElse(view.origin().name().value());
        Optional<Contract> contract = sound.named(name);
        if (contract.isEmpty()) {
            keys.complain(
                    "contract",
                    "there is no contract '" + name + "'",
                    NearestName.remedy(name, sound.names()));
        }
        return contract;
    }

    private Optional<RowExpression> when(Contract events) {
        Optional<String> when = keys.text("when");
        Optional<String> field = keys.text("field");
        if (when.isPresent() == field.isPresent()) {
            keys.complain(
                    "when",
                    when.isPresent() ? "and field are both there" : "is missing",
                    "write when: EXPRESSION, e.g. event.failed == 1, or field: FIELD");
            return Optional.empty();
        }
        String key = when.isPresent() ? "when" : "field";
        Optional<RowExpression> value =
                new RowExpressions(events.publishedFields())
                        .value(
                                when.orElseGet(() -> "event." + field.orElseThrow()),
                                keys.location(key),
                                keys.path(key),
                                keys.problems());
        value.filter(one -> !(one.type() instanceof FieldType.Bool))
                .ifPresent(_ ->
                        keys.complain(
                                key,
                                "yields no truth",
                                "compare it, e.g. when: event.failed == 1"));
        return value.filter(one -> one.type() instanceof FieldType.Bool);
    }

    private Optional<FieldPath> key(Contract events) {
        Optional<String> named = keys.text("key");
        try {
            FieldPath path =
                    named.isPresent()
                            ? FieldPath.parse(named.get())
                            : view.sourceView().isPresent()
                                    ? events.key().orElse(view.view().key())
                                    : view.view().key();
            if (path.in(events.publishedFields())
                    .filter(field -> field.type() instanceof FieldType.Text)
                    .isPresent()) {
                return Optional.of(path);
            }
            keys.complain(
                    "key",
                    "the contract " + events.name() + " has no text '" + path + "'",
                    "name the field that says whose event it is, key: FIELD");
        } catch (IllegalArgumentException e) {
            keys.complain("key", String.valueOf(e.getMessage()), "write e.g. car.id");
        }
        return Optional.empty();
    }
}
