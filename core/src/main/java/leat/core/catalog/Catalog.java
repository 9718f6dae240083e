package leat.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.NamedViews;

/// Everything that a workspace defines, with what comes from what.
///
/// @param views those that entries are of
public record Catalog(List<CatalogEntry> entries, NamedViews views) {

    /// Of nothing.
    public static final Catalog EMPTY = new Catalog(List.of(), new NamedViews(List.of()));

    public Catalog {
        entries = List.copyOf(entries);
    }

    /// Contracts, then views, then sets, each in their order.
    ///
    /// @param views of these contracts
    /// @param sets of these views
    public static Catalog of(
            List<Contract> contracts, List<CompiledView> views, List<FeatureSet> sets) {
        NamedViews named = new NamedViews(views);
        List<CatalogEntry> entries = new ArrayList<>();
        for (Contract contract : contracts) {
            entries.add(new ContractEntries(contract, views).entry());
        }
        for (CompiledView view : views) {
            entries.add(new ViewEntries(view, named, sets).entry());
        }
        for (FeatureSet set : sets) {
            entries.add(new SetEntries(set, named).entry());
        }
        return new Catalog(entries, named);
    }

    /// What a query finds, in the catalogue's order.
    public List<CatalogEntry> search(CatalogQuery query) {
        return entries.stream().map(query::in).flatMap(Optional::stream).toList();
    }
}
