package leat.core.feature;

import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.enrich.RowExpression;
import leat.core.enrich.RowExpressions;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;

/// The keys that say which events of an entity are what a model is to foretell: `contract`, `when`
/// or `field`, and `key`.
///
/// @param view of whose entities the events are
public record LabelKeys(Keys keys, CompiledView view) {

    /// The contract that is named, else the one that the view comes from; empty where there is
    /// none.
    public Optional<Contract> contract(Checked<Contracts> contracts) {
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

    /// What is true of such an event. What yields no truth is complained of and returned all the
    /// same, so that more can be said.
    public Optional<RowExpression> truth(Contract events) {
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
        return value;
    }

    /// The field of the events that names the entity: the one that is named, else the view's key.
    public Optional<FieldPath> key(Contract events) {
        FieldPath path = view.view().key();
        Optional<String> named = keys.text("key");
        if (named.isPresent()) {
            try {
                path = FieldPath.parse(named.get());
            } catch (IllegalArgumentException e) {
                keys.complain("key", String.valueOf(e.getMessage()), "write e.g. car.id");
                return Optional.empty();
            }
        } else if (view.sourceView().isPresent() && path.in(events.publishedFields()).isEmpty()) {
            path = events.key().orElse(path);
        }
        if (path.in(events.publishedFields()).isEmpty()) {
            keys.complain(
                    "key",
                    "the contract " + events.name() + " has no field '" + path + "'",
                    "name the field that says whose event it is, key: FIELD");
            return Optional.empty();
        }
        return Optional.of(path);
    }
}
