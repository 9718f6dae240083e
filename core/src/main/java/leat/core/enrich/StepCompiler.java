package leat.core.enrich;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.scoring.OutputValue;
import leat.core.yaml.Problems;
import org.jspecify.annotations.Nullable;

/// Compiles the steps of a contract. CEL is loaded by the first expression.
final class StepCompiler {

    private final Contract contract;
    private final Problems problems;
    private @Nullable ExpressionCompiler expressions;

    StepCompiler(Contract contract, Problems problems) {
        this.contract = contract;
        this.problems = problems;
    }

    List<Step> compile() {
        List<Step> steps = new ArrayList<>();
        for (EnrichStep step : contract.steps()) {
            compiled(step).ifPresent(steps::add);
        }
        return steps;
    }

    private Optional<Step> compiled(EnrichStep step) {
        return switch (step) {
            case EnrichStep.Constant constant ->
                    Optional.of(new Step.Fixed(index(constant.field()), constant.value()));
            case EnrichStep.Derived derived -> {
                Step.Target target = target(derived.field());
                yield expressions()
                        .compile(derived, target.field(), problems)
                        .map(expression ->
                                new Step.Computed(target, expression, derived.onFailure()));
            }
            case EnrichStep.Fetched fetched ->
                    expressions()
                            .compileKey(fetched, problems)
                            .map(key ->
                                    new Step.Fetched(
                                            fetched.question(),
                                            key,
                                            fetched.question().sent().stream()
                                                    .map(this::index)
                                                    .toList(),
                                            fetched.taken().stream()
                                                    .map(taken ->
                                                            new Step.Taken(
                                                                    taken.name(),
                                                                    target(taken.field())))
                                                    .toList(),
                                            new Step.Fallbacks(
                                                    fetched.onFailure(), fetched.onMissing())));
            case EnrichStep.Predicted predicted ->
                    Optional.of(
                            new Step.Predicted(
                                    predicted.question(),
                                    predicted.question().features().stream()
                                            .map(this::index)
                                            .toList(),
                                    predicted.taken().stream()
                                            .map(taken -> OutputValue.parse(taken.name()))
                                            .toList(),
                                    predicted.fields().stream().map(this::target).toList(),
                                    new Step.Fallbacks(
                                            predicted.onFailure(), predicted.onMissing())));
        };
    }

    private ExpressionCompiler expressions() {
        ExpressionCompiler compiler = expressions;
        if (compiler == null) {
            compiler = new ExpressionCompiler(contract);
            expressions = compiler;
        }
        return compiler;
    }

    private Step.Target target(String field) {
        int index = index(field);
        return Step.Target.of(index, contract.fields().get(index));
    }

    private int index(String name) {
        List<Field> fields = contract.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("the contract has no field '" + name + "'");
    }
}
