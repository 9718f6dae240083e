package leat.core.catalog;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A field or feature of a [CatalogEntry]. The components are the members of its JSON.
///
/// A part of another definition is written `NAME.vN:PART`, as `car-telemetry.v1:speed`; one of a
/// set, which has no version, `NAME:PART`.
public sealed interface CatalogPart {

    String name();

    String type();

    String description();

    /// The texts that a search looks at.
    Stream<String> texts();

    /// A field that a step looks up.
    ///
    /// @param field as in `car-telemetry.v1:usual_coolant`
    /// @param of the field of a reference contract or the feature of a view that it is,
    ///   `firmware-baseline.v1:coolant_mean_1h`
    /// @param key the expression that says whose, `event.control_unit_firmware`
    record LookUp(String field, String of, String key) {

        @Override
        public String toString() {
            return of + " by " + key;
        }
    }

    /// A field of a contract, as enriched events have it.
    ///
    /// @param name with dots where it is in an object
    /// @param added whether a step of enrichment sets it
    /// @param from the fields that the step reads, and what it looks up
    /// @param lookUps of it and of the fields that steps make it of
    /// @param lookedUpBy the fields of events that it becomes by a look-up
    /// @param views those that it decides over: as their key, or in their `where`
    /// @param features those that read it, or something in it
    /// @param readers who reads it, or something in it, for a model without a feature between: by
    ///   labels, or by a step that asks the model
    record Field(
            String name,
            String type,
            String description,
            boolean required,
            boolean added,
            Optional<String> classification,
            List<String> from,
            List<LookUp> lookUps,
            List<String> lookedUpBy,
            List<String> views,
            List<String> features,
            ModelReaders readers)
            implements CatalogPart {

        public Field {
            from = List.copyOf(from);
            lookUps = List.copyOf(lookUps);
            lookedUpBy = List.copyOf(lookedUpBy);
            views = List.copyOf(views);
            features = List.copyOf(features);
        }

        @Override
        public Stream<String> texts() {
            return Stream.concat(Stream.of(name, description), classification.stream());
        }
    }

    /// A feature of a view.
    ///
    /// @param reads the fields that its expression and its `where` read
    /// @param lookUps that these fields rest on
    /// @param lookedUpBy the fields of events that it becomes by a look-up
    /// @param features those of other views that read it
    /// @param sets those that have it, with its name there
    record Feature(
            String name,
            String type,
            String description,
            Optional<String> expression,
            Optional<String> aggregate,
            Optional<String> window,
            Optional<String> where,
            Optional<String> classification,
            List<String> reads,
            List<LookUp> lookUps,
            List<String> lookedUpBy,
            List<String> features,
            List<String> sets,
            ModelReaders readers)
            implements CatalogPart {

        public Feature {
            reads = List.copyOf(reads);
            lookUps = List.copyOf(lookUps);
            lookedUpBy = List.copyOf(lookedUpBy);
            features = List.copyOf(features);
            sets = List.copyOf(sets);
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(
                            Stream.of(name, description),
                            expression.stream(),
                            where.stream(),
                            classification.stream())
                    .flatMap(texts -> texts);
        }
    }

    /// A feature of a set.
    ///
    /// @param from the feature of the view, `driving.v1:speed_mean_5m`
    /// @param reads the fields that the feature's expression and its `where` read
    record Member(
            String name,
            String type,
            String description,
            String from,
            List<String> reads,
            ModelReaders readers)
            implements CatalogPart {

        public Member {
            reads = List.copyOf(reads);
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(name, description, from);
        }
    }

    /// A feature that a model takes.
    ///
    /// @param type empty, as the description, where the workspace has no such view any more
    /// @param from the feature of the view, `driving.v1:speed_mean_5m`
    /// @param fields the fields of contracts that it is made of, through views of views too
    record Input(String name, String type, String description, String from, List<String> fields)
            implements CatalogPart {

        public Input {
            fields = List.copyOf(fields);
        }

        @Override
        public Stream<String> texts() {
            return Stream.of(Stream.of(name, description, from), fields.stream())
                    .flatMap(texts -> texts);
        }
    }

    /// A field of a prediction.
    record Predicted(String name, String type, String description) implements CatalogPart {

        @Override
        public Stream<String> texts() {
            return Stream.of(name, description);
        }
    }
}
