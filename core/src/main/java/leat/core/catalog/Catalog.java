package leat.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.NamedViews;

/// Everything that a workspace defines, and the models that are registered, with what comes from
/// what.
public final class Catalog {

    /// Of nothing.
    public static final Catalog EMPTY =
            of(new Definitions(List.of(), List.of(), List.of(), List.of(), List.of()));

    private final Definitions definitions;
    private final NamedViews views;
    private final List<ContractEntries> contracts;
    private final List<CatalogEntry> entries;

    private Catalog(
            Definitions definitions, List<ContractEntries> contracts, List<KnownModel> registered) {
        this.definitions = definitions;
        this.views = new NamedViews(definitions.views());
        this.contracts = contracts;
        this.entries = entries(registered);
    }

    /// Of what files say alone.
    public static Catalog of(Definitions definitions) {
        return new Catalog(
                definitions,
                definitions.contracts().stream()
                        .map(contract -> new ContractEntries(contract, definitions.views()))
                        .toList(),
                List.of());
    }

    /// The same with what the registry knows.
    public Catalog with(List<KnownModel> registered) {
        return new Catalog(definitions, contracts, registered);
    }

    private List<CatalogEntry> entries(List<KnownModel> registered) {
        ModelLineage lineage = new ModelLineage(definitions, registered);
        List<CatalogEntry> all = new ArrayList<>();
        contracts.forEach(contract -> all.add(contract.entry(lineage)));
        for (CompiledView view : definitions.views()) {
            all.add(new ViewEntries(view, views, definitions.sets(), lineage).entry());
        }
        for (FeatureSet set : definitions.sets()) {
            all.add(new SetEntries(set, views, lineage).entry());
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
