package leat.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.NamedViews;

/// Everything that a workspace defines, and what is known on top of that, with what comes from
/// what.
public final class Catalog {

    /// Of nothing.
    public static final Catalog EMPTY =
            of(new Definitions(List.of(), List.of(), List.of(), List.of(), List.of()));

    private final Definitions definitions;
    private final NamedViews views;
    private final List<ContractEntries> contracts;
    private final StepLineage steps;
    private final List<CatalogEntry> entries;

    private Catalog(
            Definitions definitions,
            List<ContractEntries> contracts,
            StepLineage steps,
            Knowledge knowledge) {
        this.definitions = definitions;
        this.views = new NamedViews(definitions.views());
        this.contracts = contracts;
        this.steps = steps;
        this.entries = entries(knowledge);
    }

    /// Of what files say alone.
    public static Catalog of(Definitions definitions) {
        return new Catalog(
                definitions,
                definitions.contracts().stream()
                        .map(contract -> new ContractEntries(contract, definitions.views()))
                        .toList(),
                new StepLineage(definitions.contracts(), new NamedViews(definitions.views())),
                Knowledge.NONE);
    }

    /// The same files with what is known on top of them.
    public Catalog with(Knowledge knowledge) {
        return new Catalog(definitions, contracts, steps, knowledge);
    }

    private List<CatalogEntry> entries(Knowledge knowledge) {
        List<KnownModel> registered = knowledge.models().orElse(List.of());
        ModelLineage models = new ModelLineage(definitions, registered);
        Lineage lineage = new Lineage(steps, models);
        List<CatalogEntry> all = new ArrayList<>();
        contracts.forEach(contract -> all.add(contract.entry(lineage)));
        for (CompiledView view : definitions.views()) {
            all.add(new ViewEntries(view, views, definitions.sets(), lineage, knowledge).entry());
        }
        for (FeatureSet set : definitions.sets()) {
            all.add(new SetEntries(set, views, models, knowledge).entry());
        }
        all.addAll(new ModelEntries(definitions, registered, views).all());
        return List.copyOf(all);
    }

    /// Contracts, then views, sets, trainings, models and scorings, each in their order; models by
    /// their names.
    public List<CatalogEntry> entries() {
        return entries;
    }

    /// Those that entries are of.
    public NamedViews views() {
        return views;
    }

    /// What a query finds, in the catalogue's order.
    public List<CatalogEntry> search(CatalogQuery query) {
        return entries.stream().map(query::in).flatMap(Optional::stream).toList();
    }
}
