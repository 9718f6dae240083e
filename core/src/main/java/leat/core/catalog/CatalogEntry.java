package leat.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One definition of the workspace with its parts. The components are the members of its JSON.
public sealed interface CatalogEntry {

    /// One of [#KINDS].
    String kind();

    String name();

    /// Fields or features; of a scoring both.
    List<? extends CatalogPart> parts();

    /// The same with those of its parts that are wanted.
    CatalogEntry only(Predicate<CatalogPart> wanted);

    String description();

    /// Whom to ask; contracts do not say.
    default Optional<String> owner() {
        return Optional.empty();
    }

    /// What to find it by; contracts have none.
    default List<String> tags() {
        return List.of();
    }

    /// What its features are of; contracts have none.
    default Optional<String> entity() {
        return Optional.empty();
    }

    /// The texts that a search looks at, without those of the parts.
    default Stream<String> texts() {
        return Stream.of(
                        Stream.of(name(), description()),
                        owner().stream(),
                        tags().stream(),
                        entity().stream())
                .flatMap(texts -> texts);
    }

    /// The words of `kind`.
    List<String> KINDS = List.of("contract", "view", "set", "training", "model", "scoring");

    /// A contract.
    ///
    /// @param version `1.2.0`
    /// @param status of its lifecycle
    /// @param key the field by which events are kept together
    /// @param time the field with the event's time
    record OfContract(
            String kind,
            String name,
            String version,
            String description,
            String status,
            Optional<String> key,
            Optional<String> time,
            String table,
            List<CatalogPart.Field> fields)
            implements CatalogEntry {

        public OfContract {
            fields = List.copyOf(fields);
        }

        @Override
        public List<CatalogPart.Field> parts() {
            return fields;
        }

        @Override
        public OfContract only(Predicate<CatalogPart> wanted) {
            return new OfContract(
                    kind,
                    name,
                    version,
                    description,
                    status,
                    key,
                    time,
                    table,
                    fields.stream().filter(wanted).toList());
        }
    }

    /// A feature view.
    ///
    /// @param source the contract whose events, or the view whose vectors, it sees,
    ///   `car-telemetry.v1`
    /// @param hop a duration, or `exact`
    /// @param table of its vectors in SQL and in the lake
    /// @param expectations what its vectors have to be like
    /// @param readers of any of its features
    /// @param trainingSets with rows from any of its versions, the newest first; none where the
    ///   lake was not read
    /// @param online who asks for it under its name or that of a version; none where that is not
    ///   known
    record OfView(
            String kind,
            String name,
            int version,
            String description,
            Optional<String> owner,
            List<String> tags,
            Optional<String> entity,
            String source,
            String key,
            Optional<String> where,
            String hop,
            Optional<String> ttl,
            String table,
            List<Rule> expectations,
            ModelReaders readers,
            List<TrainingSet> trainingSets,
            List<OnlineReader> online,
            List<CatalogPart.Feature> features)
            implements CatalogEntry {

        public OfView {
            tags = List.copyOf(tags);
            expectations = List.copyOf(expectations);
            trainingSets = List.copyOf(trainingSets);
            online = List.copyOf(online);
            features = List.copyOf(features);
        }

        @Override
        public List<CatalogPart.Feature> parts() {
            return features;
        }

        /// With what is expected of these features, and of the vectors as a whole.
        @Override
        public OfView only(Predicate<CatalogPart> wanted) {
            List<CatalogPart.Feature> shown = features.stream().filter(wanted).toList();
            Set<String> names =
                    shown.stream().map(CatalogPart.Feature::name).collect(Collectors.toSet());
            return new OfView(
                    kind,
                    name,
                    version,
                    description,
                    owner,
                    tags,
                    entity,
                    source,
                    key,
                    where,
                    hop,
                    ttl,
                    table,
                    expectations.stream()
                            .filter(rule -> rule.feature().map(names::contains).orElse(true))
                            .toList(),
                    readers,
                    trainingSets,
                    online,
                    shown);
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(
                            CatalogEntry.super.texts(),
                            Stream.of(source),
                            trainingSets.stream().map(TrainingSet::table))
                    .flatMap(texts -> texts);
        }
    }

    /// What a view expects.
    ///
    /// @param name as in the names of its alerts, `speed-max-5m-range`
    /// @param feature the one whose values it is about; empty where it is about vectors
    /// @param says `outside of [0.0, 60.0]: must be 0 within 1m`
    record Rule(String name, Optional<String> feature, Optional<String> severity, String says) {}

    /// A feature set.
    ///
    /// @param views `NAME.vN`, in the order in which the set comes to them
    /// @param readers of any of its features
    /// @param trainingSets with its features, the newest first; none where the lake was not read
    /// @param online who asks for it; none where that is not known
    record OfSet(
            String kind,
            String name,
            String description,
            Optional<String> owner,
            List<String> tags,
            Optional<String> entity,
            List<String> views,
            ModelReaders readers,
            List<TrainingSet> trainingSets,
            List<OnlineReader> online,
            List<CatalogPart.Member> features)
            implements CatalogEntry {

        public OfSet {
            tags = List.copyOf(tags);
            views = List.copyOf(views);
            trainingSets = List.copyOf(trainingSets);
            online = List.copyOf(online);
            features = List.copyOf(features);
        }

        @Override
        public List<CatalogPart.Member> parts() {
            return features;
        }

        @Override
        public OfSet only(Predicate<CatalogPart> wanted) {
            return new OfSet(
                    kind,
                    name,
                    description,
                    owner,
                    tags,
                    entity,
                    views,
                    readers,
                    trainingSets,
                    online,
                    features.stream().filter(wanted).toList());
        }

        @Override
        public Stream<String> texts() {
            return Stream.concat(
                    CatalogEntry.super.texts(), trainingSets.stream().map(TrainingSet::table));
        }
    }

    /// How versions of a model are made.
    ///
    /// @param name the file's
    /// @param view whose vectors are learned from, `driving.v2`
    /// @param set whose features the model takes; empty where they are the view's
    /// @param alias what is set on a version that has passed its gates
    /// @param label the fields that the label is made of, `car-failures.v1:kind`
    record OfTraining(
            String kind,
            String name,
            String description,
            Optional<String> owner,
            List<String> tags,
            Optional<String> entity,
            String model,
            String view,
            Optional<String> set,
            String algorithm,
            Optional<String> alias,
            List<String> label,
            List<CatalogPart.Input> features)
            implements CatalogEntry {

        public OfTraining {
            tags = List.copyOf(tags);
            label = List.copyOf(label);
            features = List.copyOf(features);
        }

        @Override
        public List<CatalogPart.Input> parts() {
            return features;
        }

        @Override
        public OfTraining only(Predicate<CatalogPart> wanted) {
            return new OfTraining(
                    kind,
                    name,
                    description,
                    owner,
                    tags,
                    entity,
                    model,
                    view,
                    set,
                    algorithm,
                    alias,
                    label,
                    features.stream().filter(wanted).toList());
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(
                            CatalogEntry.super.texts(),
                            Stream.of(model, view, algorithm),
                            set.stream())
                    .flatMap(texts -> texts);
        }
    }

    /// A model: one that files name, or that is registered.
    ///
    /// @param description the registry's, else that of the first file that has one
    /// @param owner of the first training, else the first scoring, that has one
    /// @param tags those of its trainings and scorings, and the registry's as `KEY=VALUE`
    /// @param entity of the first of the views that the workspace has
    /// @param views whose features it takes, `driving.v2`
    /// @param steps the fields that steps of enrichment ask it for, `car-telemetry.v1:risk`
    /// @param versions those that an alias points to, and the newest; none where the registry was
    ///   not asked
    record OfModel(
            String kind,
            String name,
            String description,
            Optional<String> owner,
            List<String> tags,
            Optional<String> entity,
            List<String> views,
            List<String> trainings,
            List<String> scorings,
            List<String> steps,
            List<Version> versions,
            List<CatalogPart.Input> features)
            implements CatalogEntry {

        public OfModel {
            tags = List.copyOf(tags);
            views = List.copyOf(views);
            trainings = List.copyOf(trainings);
            scorings = List.copyOf(scorings);
            steps = List.copyOf(steps);
            versions = List.copyOf(versions);
            features = List.copyOf(features);
        }

        @Override
        public List<CatalogPart.Input> parts() {
            return features;
        }

        @Override
        public OfModel only(Predicate<CatalogPart> wanted) {
            return new OfModel(
                    kind,
                    name,
                    description,
                    owner,
                    tags,
                    entity,
                    views,
                    trainings,
                    scorings,
                    steps,
                    versions,
                    features.stream().filter(wanted).toList());
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(CatalogEntry.super.texts(), views.stream(), steps.stream())
                    .flatMap(texts -> texts);
        }
    }

    /// A version of a registered model.
    ///
    /// @param view whose vectors it takes, as its tag `leat.view` says
    /// @param set that it takes in their place, as its tag `leat.feature-set` says
    /// @param features as its tag `leat.features` says
    record Version(
            int version,
            List<String> aliases,
            Optional<String> training,
            Optional<String> view,
            Optional<String> set,
            List<String> features) {

        public Version {
            aliases = List.copyOf(aliases);
            features = List.copyOf(features);
        }
    }

    /// What is predicted of vectors.
    ///
    /// @param version of the predictions' contract
    /// @param view whose vectors are scored, `driving.v2`
    /// @param set whose features the model takes; empty where they are the view's
    /// @param champion the alias of the version that answers
    /// @param challengers the aliases of those that are tried
    /// @param monitored whether it is watched
    /// @param labels the fields that its late labels are made of
    /// @param contract of the predictions, `failure-risk.v1`
    /// @param table of the predictions in SQL and in the lake
    /// @param shadowTable of those of shadows
    /// @param features what the model is given
    /// @param fields of a prediction
    record OfScoring(
            String kind,
            String name,
            int version,
            String description,
            Optional<String> owner,
            List<String> tags,
            Optional<String> entity,
            String model,
            String view,
            Optional<String> set,
            String champion,
            List<String> challengers,
            boolean monitored,
            List<String> labels,
            String contract,
            String table,
            Optional<String> shadowTable,
            List<CatalogPart.Input> features,
            List<CatalogPart.Predicted> fields)
            implements CatalogEntry {

        public OfScoring {
            tags = List.copyOf(tags);
            challengers = List.copyOf(challengers);
            labels = List.copyOf(labels);
            features = List.copyOf(features);
            fields = List.copyOf(fields);
        }

        @Override
        public List<CatalogPart> parts() {
            return Stream.<CatalogPart>concat(features.stream(), fields.stream()).toList();
        }

        @Override
        public OfScoring only(Predicate<CatalogPart> wanted) {
            return new OfScoring(
                    kind,
                    name,
                    version,
                    description,
                    owner,
                    tags,
                    entity,
                    model,
                    view,
                    set,
                    champion,
                    challengers,
                    monitored,
                    labels,
                    contract,
                    table,
                    shadowTable,
                    features.stream().filter(wanted).toList(),
                    fields.stream().filter(wanted).toList());
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(CatalogEntry.super.texts(), Stream.of(model, view), set.stream())
                    .flatMap(texts -> texts);
        }
    }
}
