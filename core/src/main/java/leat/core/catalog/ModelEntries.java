package leat.core.catalog;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import leat.core.contract.ContractName;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.feature.CompiledView;
import leat.core.feature.NamedViews;
import leat.core.model.ModelVersion;
import leat.core.prediction.Challenger;
import leat.core.prediction.Scoring;
import leat.core.training.Training;
import org.jspecify.annotations.Nullable;

/// What the catalogue says of trainings, models and scorings.
record ModelEntries(Definitions definitions, List<KnownModel> registered, NamedViews views) {

    /// Trainings, then models, then scorings.
    List<CatalogEntry> all() {
        List<CatalogEntry> all = new ArrayList<>();
        definitions.trainings().forEach(training -> all.add(training(training)));
        all.addAll(models());
        definitions.scorings().forEach(scoring -> all.add(scoring(scoring)));
        return all;
    }

    private CatalogEntry.OfTraining training(Training training) {
        CompiledView view = training.data().view();
        return new CatalogEntry.OfTraining(
                "training",
                training.name().value(),
                training.description(),
                training.owner(),
                training.tags(),
                Optional.of(view.view().entity()),
                training.model(),
                view.view().nameAndVersion(),
                training.data().set().map(ContractName::value),
                training.algorithm().name(),
                training.alias(),
                training.data()
                        .label()
                        .map(label ->
                                of(label.contract().nameAndMajor(), ModelLineage.reads(label)))
                        .orElse(List.of()),
                inputs(ModelInput.of(training)));
    }

    private CatalogEntry.OfScoring scoring(Scoring scoring) {
        CompiledView view = scoring.view();
        return new CatalogEntry.OfScoring(
                "scoring",
                scoring.name().value(),
                scoring.version(),
                scoring.description(),
                scoring.owner(),
                scoring.tags(),
                Optional.of(view.view().entity()),
                scoring.model(),
                view.view().nameAndVersion(),
                scoring.set().map(ContractName::value),
                scoring.champion(),
                scoring.challengers().stream().map(Challenger::alias).toList(),
                scoring.monitoring().isPresent(),
                scoring.monitoring()
                        .flatMap(monitoring -> monitoring.labels())
                        .map(labels ->
                                of(labels.contract().nameAndMajor(), ModelLineage.reads(labels)))
                        .orElse(List.of()),
                scoring.nameAndVersion(),
                scoring.contract().tableName(),
                scoring.shadowContract().map(shadows -> shadows.tableName()),
                inputs(ModelInput.of(scoring)),
                scoring.contract().fields().stream()
                        .map(field ->
                                new CatalogPart.Predicted(
                                        field.name(), field.type().word(), field.description()))
                        .toList());
    }

    private static List<String> of(String contract, List<String> fields) {
        return fields.stream().map(field -> contract + ":" + field).toList();
    }

    private List<CatalogEntry.OfModel> models() {
        Map<String, ModelParts> all = new TreeMap<>();
        definitions
                .trainings()
                .forEach(training -> parts(all, training.model()).trainings.add(training));
        definitions
                .scorings()
                .forEach(scoring -> parts(all, scoring.model()).scorings.add(scoring));
        definitions
                .contracts()
                .forEach(contract -> {
                    for (EnrichStep step : contract.steps()) {
                        if (step instanceof EnrichStep.Predicted predicted) {
                            parts(all, predicted.question().model().modelName())
                                    .steps
                                    .addAll(of(contract.nameAndMajor(), predicted.fields()));
                        }
                    }
                });
        registered.forEach(one -> parts(all, one.name()).known = one);
        return all.entrySet().stream()
                .map(model -> model(model.getKey(), model.getValue()))
                .toList();
    }

    private static ModelParts parts(Map<String, ModelParts> all, String model) {
        return all.computeIfAbsent(model, _ -> new ModelParts());
    }

    /// What there is of one model.
    private static final class ModelParts {
        private final List<Training> trainings = new ArrayList<>();
        private final List<Scoring> scorings = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();
        private @Nullable KnownModel known;

        List<ModelVersion> versions() {
            return registered().flatMap(one -> one.versions().stream()).toList();
        }

        private Stream<KnownModel> registered() {
            return Stream.ofNullable(known);
        }

        String description() {
            return Stream.of(
                            registered().map(one -> one.model().info().description()),
                            trainings.stream().map(Training::description),
                            scorings.stream().map(Scoring::description))
                    .flatMap(texts -> texts)
                    .filter(text -> !text.isBlank())
                    .findFirst()
                    .orElse("");
        }

        Optional<String> owner() {
            return Stream.concat(
                            trainings.stream().flatMap(training -> training.owner().stream()),
                            scorings.stream().flatMap(scoring -> scoring.owner().stream()))
                    .findFirst();
        }

        List<String> tags() {
            return Stream.of(
                            trainings.stream().flatMap(training -> training.tags().stream()),
                            scorings.stream().flatMap(scoring -> scoring.tags().stream()),
                            registered()
                                    .flatMap(one -> one.model().tags().entrySet().stream())
                                    .map(tag -> tag.getKey() + "=" + tag.getValue()))
                    .flatMap(tags -> tags)
                    .distinct()
                    .toList();
        }

        /// What it is given, each once.
        List<ModelInput> inputs(Definitions definitions) {
            return Stream.of(
                            trainings.stream().map(ModelInput::of),
                            scorings.stream().map(ModelInput::of),
                            versions().stream().map(one -> ModelInput.of(one, definitions)))
                    .flatMap(each -> each)
                    .flatMap(List::stream)
                    .distinct()
                    .toList();
        }
    }

    private CatalogEntry.OfModel model(String name, ModelParts parts) {
        List<ModelInput> inputs = parts.inputs(definitions);
        List<String> from = inputs.stream().map(ModelInput::view).distinct().toList();
        return new CatalogEntry.OfModel(
                "model",
                name,
                parts.description(),
                parts.owner(),
                parts.tags(),
                from.stream()
                        .flatMap(view -> views.find(view).stream())
                        .map(view -> view.view().entity())
                        .findFirst(),
                from,
                parts.trainings.stream().map(training -> training.name().value()).toList(),
                parts.scorings.stream().map(Scoring::nameAndVersion).toList(),
                parts.steps,
                parts.versions().stream().map(ModelEntries::version).toList(),
                inputs(inputs));
    }

    private static CatalogEntry.Version version(ModelVersion version) {
        return new CatalogEntry.Version(
                version.info().number(),
                List.copyOf(version.aliases()),
                Optional.ofNullable(version.tags().get(ModelVersion.TRAINING_TAG)),
                version.view(),
                version.set(),
                version.features());
    }

    private List<CatalogPart.Input> inputs(List<ModelInput> inputs) {
        return inputs.stream().map(this::input).toList();
    }

    private CatalogPart.Input input(ModelInput input) {
        String feature = input.feature();
        String from = input.view() + ":" + feature;
        Optional<CompiledView> view = views.find(input.view());
        Optional<Field> field =
                view.flatMap(one ->
                        one.fields().stream()
                                .filter(each -> each.name().equals(feature))
                                .findFirst());
        Set<String> fields = new LinkedHashSet<>();
        view.ifPresent(one -> addFields(one, feature, fields));
        return new CatalogPart.Input(
                input.name(),
                field.map(one -> one.type().word()).orElse(""),
                field.map(Field::description).orElse(""),
                from,
                List.copyOf(fields));
    }

    /// The fields of contracts that a feature is made of; those of another view are followed.
    private void addFields(CompiledView view, String feature, Set<String> fields) {
        int index = view.fields().stream().map(Field::name).toList().indexOf(feature);
        if (index < 0) {
            return;
        }
        Optional<CompiledView> source = views.find(view.source().nameAndMajor());
        for (String read : ViewEntries.reads(view, index)) {
            String part = read.substring(read.indexOf(':') + 1);
            source.ifPresentOrElse(inner -> addFields(inner, part, fields), () -> fields.add(read));
        }
    }
}
