package leat.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import leat.core.config.DurationText;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.QualityRule;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureView;
import leat.core.feature.NamedViews;

/// What the catalogue says of a view.
///
/// @param sets all of the workspace
record ViewEntries(
        CompiledView compiled,
        NamedViews views,
        List<FeatureSet> sets,
        Lineage lineage,
        Knowledge knowledge) {

    CatalogEntry.OfView entry() {
        FeatureView view = compiled.view();
        List<CatalogPart.Feature> features =
                features(Readers.of(view.nameAndVersion(), views.all()));
        return new CatalogEntry.OfView(
                "view",
                view.name().value(),
                view.version(),
                view.description(),
                view.owner(),
                view.tags(),
                Optional.of(view.entity()),
                compiled.source().nameAndMajor(),
                view.key().toString(),
                view.where(),
                view.isExact() ? "exact" : DurationText.of(view.hop()),
                view.ttl().map(DurationText::of),
                compiled.contract().tableName(),
                view.expected().rules().stream().map(ViewEntries::rule).toList(),
                features.stream()
                        .map(CatalogPart.Feature::readers)
                        .reduce(ModelReaders.NONE, ModelReaders::and),
                knowledge.trainingSetsOfView(view.name().value()),
                knowledge.onlineOfView(view.name().value()),
                features);
    }

    private List<CatalogPart.Feature> features(Readers readers) {
        return IntStream.range(0, compiled.fields().size())
                .mapToObj(index -> feature(index, readers))
                .toList();
    }

    private CatalogPart.Feature feature(int index, Readers readers) {
        FeatureView.Feature feature = compiled.view().features().get(index);
        Field field = compiled.fields().get(index);
        Optional<FeatureView.Windowed> window = feature.window();
        return new CatalogPart.Feature(
                feature.name(),
                field.type().word(),
                feature.description(),
                feature.expression(),
                window.map(windowed -> windowed.aggregate().word()),
                window.map(windowed -> DurationText.of(windowed.window())),
                window.flatMap(FeatureView.Windowed::where),
                field.classification(),
                reads(compiled, index),
                lineage.steps()
                        .lookUps(
                                compiled.source().nameAndMajor(),
                                compiled.lineage().features().get(index)),
                lineage.steps().lookedUpBy(compiled.view().nameAndVersion() + ":" + feature.name()),
                readers.features(new FieldPath(List.of(feature.name()))),
                sets.stream()
                        .flatMap(set ->
                                set.members().stream()
                                        .filter(member -> is(member, feature.name()))
                                        .map(member -> set.name() + ":" + member.name()))
                        .toList(),
                lineage.models().of(compiled.view().nameAndVersion(), feature.name()));
    }

    private static CatalogEntry.Rule rule(QualityRule rule) {
        return new CatalogEntry.Rule(
                rule.id(),
                Optional.of(rule.field()).filter(field -> !field.isEmpty()),
                rule.alert().map(QualityRule.AlertPolicy::severity),
                new RuleWords(rule).toString());
    }

    private boolean is(FeatureSet.Member member, String feature) {
        return member.feature().equals(feature)
                && views.find(member.view()).filter(view -> view == compiled).isPresent();
    }

    /// The fields that a feature reads, with their contract.
    static List<String> reads(CompiledView view, int feature) {
        return view.lineage().features().get(feature).stream()
                .map(FieldPath::toString)
                .map(path -> view.source().nameAndMajor() + ":" + path)
                .toList();
    }
}
