package leat.core.odcs;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Expectation;
import leat.core.contract.Expectation.Operator;
import leat.core.contract.Measure;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// Reads what a rule demands of its number: one of ODCS's comparisons.
record ExpectationReader(Keys entry) {

    /// Without a comparison our own rules demand that nothing is counted; ODCS's metrics have to
    /// say.
    Optional<Expectation> read(Optional<Measure> measure) {
        List<Operator> given = given();
        if (given.size() > 1) {
            entry.complain(
                    given.getLast().key(),
                    "stands beside " + given.getFirst().key(),
                    "keep one comparison, or use mustBeBetween");
            return Optional.empty();
        }
        if (given.isEmpty()) {
            if (measure.isPresent() && measure.get().judgesSingleEvents() && !isLibrary()) {
                return Optional.of(Expectation.of(Operator.BE, 0));
            }
            entry.complain(
                    isLibrary() ? "metric" : "implementation",
                    "says nothing of what the number must be",
                    "write e.g. mustBe: 0 or mustBeLessThan: 5");
            return Optional.empty();
        }
        Operator operator = given.getFirst();
        return operator.takesTwo()
                ? two(operator)
                : entry.decimal(operator.key())
                        .map(bound -> Expectation.of(operator, bound.doubleValue()));
    }

    /// The comparisons that stand there.
    List<Operator> given() {
        return Arrays.stream(Operator.values())
                .filter(operator -> entry.mapping().find(operator.key()).isPresent())
                .toList();
    }

    private boolean isLibrary() {
        return entry.text("type").orElse("library").equals("library");
    }

    private Optional<Expectation> two(Operator operator) {
        Optional<YamlNode> node = entry.mapping().find(operator.key());
        if (node.isPresent()
                && node.get() instanceof Sequence(List<YamlNode> items, _)
                && items.size() == 2
                && items.getFirst() instanceof Scalar low
                && items.getLast() instanceof Scalar high
                && low.isNumber()
                && high.isNumber()) {
            double from = Double.parseDouble(low.text());
            double to = Double.parseDouble(high.text());
            if (from <= to) {
                return Optional.of(new Expectation(operator, from, to));
            }
        }
        entry.complain(operator.key(), "is not two numbers in their order", "write e.g. [1, 10]");
        return Optional.empty();
    }
}
