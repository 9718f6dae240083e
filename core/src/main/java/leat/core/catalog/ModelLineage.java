package leat.core.catalog;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.FieldPath;
import leat.core.model.ModelVersion;
import leat.core.monitor.Labels;
import leat.core.prediction.Scoring;
import leat.core.training.Label;
import leat.core.training.Training;
import org.jspecify.annotations.Nullable;

/// Who reads fields and features for a model.
final class ModelLineage {

    /// By the contract or view, `driving.v2`.
    private final Map<String, Set<Link>> links = new HashMap<>();

    /// What a reader is.
    private enum Place {
        TRAINING,
        MODEL,
        SCORING,
        MONITORING
    }

    /// @param part a field, with dots where it is in an object, or a feature
    private record Link(String part, Place place, String reader) {}

    ModelLineage(Definitions definitions, List<KnownModel> registered) {
        definitions.trainings().forEach(this::add);
        definitions.scorings().forEach(this::add);
        definitions.contracts().forEach(this::addSteps);
        for (KnownModel model : registered) {
            for (ModelVersion version : model.versions()) {
                ModelInput.of(version, definitions)
                        .forEach(input -> link(input, Place.MODEL, version.modelName()));
            }
        }
    }

    private void add(Training training) {
        String name = training.name().value();
        for (ModelInput input : ModelInput.of(training)) {
            link(input, Place.TRAINING, name);
            link(input, Place.MODEL, training.model());
        }
        training.data()
                .label()
                .ifPresent(label ->
                        reads(label)
                                .forEach(path ->
                                        link(
                                                label.contract().nameAndMajor(),
                                                path,
                                                Place.TRAINING,
                                                name)));
    }

    private void add(Scoring scoring) {
        List<ModelInput> inputs = ModelInput.of(scoring);
        for (ModelInput input : inputs) {
            link(input, Place.SCORING, scoring.nameAndVersion());
            link(input, Place.MODEL, scoring.model());
        }
        scoring.monitoring()
                .ifPresent(monitoring -> {
                    inputs.forEach(
                            input -> link(input, Place.MONITORING, scoring.nameAndVersion()));
                    monitoring.labels().ifPresent(labels -> add(scoring, labels));
                });
    }

    private void add(Scoring scoring, Labels labels) {
        for (String path : reads(labels)) {
            link(
                    labels.contract().nameAndMajor(),
                    path,
                    Place.MONITORING,
                    scoring.nameAndVersion());
        }
    }

    private void addSteps(Contract contract) {
        for (EnrichStep step : contract.steps()) {
            if (step instanceof EnrichStep.Predicted predicted) {
                predicted
                        .question()
                        .features()
                        .forEach(field ->
                                link(
                                        contract.nameAndMajor(),
                                        field,
                                        Place.MODEL,
                                        predicted.question().model().modelName()));
            }
        }
    }

    private void link(ModelInput input, Place place, String reader) {
        link(input.view(), input.feature(), place, reader);
    }

    private void link(String source, String part, Place place, String reader) {
        links.computeIfAbsent(source, _ -> new LinkedHashSet<>())
                .add(new Link(part, place, reader));
    }

    /// The fields that a label is made of, and the one that says whose it is.
    static List<String> reads(Label label) {
        return paths(label.value().reads(), label.within().isPresent() ? label.key() : null);
    }

    /// The fields that late labels are made of, and the one that says whose they are.
    static List<String> reads(Labels labels) {
        return paths(labels.when().reads(), labels.key());
    }

    private static List<String> paths(List<FieldPath> read, @Nullable FieldPath key) {
        Set<String> paths = new LinkedHashSet<>();
        read.forEach(path -> paths.add(path.toString()));
        if (key != null) {
            paths.add(key.toString());
        }
        return List.copyOf(paths);
    }

    /// Who reads a feature, or a field or something in it.
    ///
    /// @param source `driving.v2`
    /// @param part a field, with dots where it is in an object, or a feature
    ModelReaders of(String source, String part) {
        List<Link> all =
                links.getOrDefault(source, Set.of()).stream()
                        .filter(link -> Readers.meets(link.part(), part))
                        .toList();
        return all.isEmpty()
                ? ModelReaders.NONE
                : new ModelReaders(
                        readers(all, Place.TRAINING),
                        readers(all, Place.MODEL),
                        readers(all, Place.SCORING),
                        readers(all, Place.MONITORING));
    }

    private static List<String> readers(List<Link> links, Place place) {
        return links.stream()
                .filter(link -> link.place() == place)
                .map(Link::reader)
                .distinct()
                .toList();
    }
}
