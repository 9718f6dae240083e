package leat.core.catalog;

import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.NamedViews;

/// What the catalogue says of a set.
///
/// @param views those that the set is of, and others
record SetEntries(FeatureSet set, NamedViews views, ModelLineage lineage, Knowledge knowledge) {

    CatalogEntry.OfSet entry() {
        List<CatalogPart.Member> members = set.members().stream().map(this::member).toList();
        return new CatalogEntry.OfSet(
                "set",
                set.name().value(),
                set.description(),
                set.owner(),
                set.tags(),
                Optional.of(set.entity()),
                set.views().stream().map(name -> view(name).view().nameAndVersion()).toList(),
                members.stream()
                        .map(CatalogPart.Member::readers)
                        .reduce(ModelReaders.NONE, ModelReaders::and),
                knowledge.trainingSetsOfSet(set.name().value()),
                knowledge.onlineOfSet(set.name().value()),
                members);
    }

    private CatalogPart.Member member(FeatureSet.Member member) {
        CompiledView view = view(member.view());
        List<String> names = view.fields().stream().map(Field::name).toList();
        int index = names.indexOf(member.feature());
        Field field = view.fields().get(index);
        return new CatalogPart.Member(
                member.name(),
                field.type().word(),
                field.description(),
                view.view().nameAndVersion() + ":" + member.feature(),
                ViewEntries.reads(view, index),
                lineage.of(view.view().nameAndVersion(), member.feature()));
    }

    private CompiledView view(String name) {
        return views.find(name).orElseThrow();
    }
}
