package leat.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import leat.core.catalog.CatalogPart.LookUp;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.contract.FieldPath;
import leat.core.enrich.RowExpressions;
import leat.core.feature.NamedViews;
import leat.core.yaml.Problems;

/// What steps of enrichment make fields of, in all contracts of a workspace.
final class StepLineage {

    private final Contracts contracts;
    private final NamedViews views;

    /// What steps read, by the fields that they set, as in `car-telemetry.v1:coolant_excess`. Names
    /// of the same contract stand alone.
    private final Map<String, Set<String>> from = new HashMap<>();

    private final List<LookUp> lookUps = new ArrayList<>();

    /// @param contracts all of the workspace
    /// @param views all of the workspace
    StepLineage(List<Contract> contracts, NamedViews views) {
        this.contracts = new Contracts(contracts);
        this.views = views;
        contracts.forEach(this::add);
    }

    /// Nothing of CEL is loaded for a contract without expressions.
    private void add(Contract contract) {
        List<EnrichStep> reading =
                contract.steps().stream()
                        .filter(step -> !(step instanceof EnrichStep.Constant))
                        .toList();
        if (reading.isEmpty()) {
            return;
        }
        RowExpressions expressions = new RowExpressions(contract.fields());
        for (EnrichStep step : reading) {
            List<String> reads = reads(step, expressions).toList();
            step.fields().forEach(field -> from(contract, field).addAll(reads));
            if (step instanceof EnrichStep.Fetched fetched
                    && fetched.question().source() instanceof Source.Reference(String name)) {
                source(name).ifPresent(source -> add(contract, source, fetched));
            }
        }
    }

    /// Whose rows or vectors are looked up, `firmware-baseline.v1`.
    private Optional<String> source(String name) {
        return contracts
                .named(name)
                .map(Contract::nameAndMajor)
                .or(() -> views.find(name).map(view -> view.view().nameAndVersion()));
    }

    private void add(Contract contract, String source, EnrichStep.Fetched step) {
        for (EnrichStep.Taken taken : step.taken()) {
            String of = source + ":" + taken.name();
            from(contract, taken.field()).add(of);
            lookUps.add(new LookUp(name(contract, taken.field()), of, step.question().key()));
        }
    }

    private Set<String> from(Contract contract, String field) {
        return from.computeIfAbsent(name(contract, field), _ -> new LinkedHashSet<>());
    }

    private static String name(Contract contract, String field) {
        return contract.nameAndMajor() + ":" + field;
    }

    private static Stream<String> reads(EnrichStep step, RowExpressions expressions) {
        return switch (step) {
            case EnrichStep.Constant _ -> Stream.empty();
            case EnrichStep.Derived derived -> reads(derived.expression(), step, expressions);
            case EnrichStep.Fetched fetched ->
                    Stream.concat(
                            reads(fetched.question().key(), step, expressions),
                            fetched.question().sent().stream());
            case EnrichStep.Predicted predicted -> predicted.question().features().stream();
        };
    }

    private static Stream<String> reads(String text, EnrichStep step, RowExpressions expressions) {
        return expressions.reads(text, step.location(), "", new Problems()).stream()
                .map(FieldPath::toString);
    }

    /// What the steps read that set a field.
    ///
    /// @param field `car-telemetry.v1:coolant_excess`
    List<String> from(String field) {
        return List.copyOf(from.getOrDefault(field, Set.of()));
    }

    /// The look-ups that fields rest on: their own, and those of the fields that steps make them
    /// of.
    ///
    /// @param source whose fields they are, `car-telemetry.v1`; a view has no steps
    List<LookUp> lookUps(String source, List<FieldPath> fields) {
        Set<String> behind = new HashSet<>();
        fields.forEach(field -> follow(source, field.segments().getFirst(), behind));
        return lookUps.stream().filter(lookUp -> behind.contains(lookUp.field())).toList();
    }

    private void follow(String source, String field, Set<String> behind) {
        String name = source + ":" + field;
        if (behind.add(name)) {
            from.getOrDefault(name, Set.of()).stream()
                    .filter(read -> read.indexOf(':') < 0)
                    .map(read -> read.replaceFirst("\\..*", ""))
                    .forEach(read -> follow(source, read, behind));
        }
    }

    /// The fields that a field of a reference contract or a feature becomes.
    ///
    /// @param part `firmware-baseline.v1:coolant_mean_1h`
    List<String> lookedUpBy(String part) {
        return lookUps.stream()
                .filter(lookUp -> lookUp.of().equals(part))
                .map(LookUp::field)
                .distinct()
                .toList();
    }
}
