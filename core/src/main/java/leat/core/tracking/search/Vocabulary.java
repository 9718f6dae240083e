package leat.core.tracking.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.tracking.TrackingRefused;

/// The fields that a search knows, by the names that clients use.
///
/// @param known what fields are of
/// @param aliases other names of attributes
/// @param orderOnly attributes that no filter may name
/// @param listed attributes that a filter may compare with lists
record Vocabulary(
        List<String> known,
        Map<String, Field.Attribute> attributes,
        Map<String, String> aliases,
        List<String> orderOnly,
        List<String> listed) {

    private static final Map<String, String> ENTITIES = entities();
    private static final List<String> OF_DATASETS = List.of("name", "digest", "context");

    static final Vocabulary RUNS =
            new Vocabulary(
                    List.of("metric", "parameter", "tag", "attribute", "dataset"),
                    attributes(
                            List.of("artifact_uri", "run_id", "run_name", "status", "user_id"),
                            List.of("end_time", "start_time")),
                    Map.of(
                            "created", "start_time",
                            "Created", "start_time",
                            "run name", "run_name",
                            "Run name", "run_name",
                            "Run Name", "run_name"),
                    List.of(),
                    List.of("run_id"));

    static final Vocabulary EXPERIMENTS =
            new Vocabulary(
                    List.of("attribute", "tag"),
                    attributes(
                            List.of("experiment_id", "name"),
                            List.of("creation_time", "last_update_time")),
                    Map.of(),
                    List.of("experiment_id"),
                    List.of());

    static final Vocabulary MODELS =
            new Vocabulary(
                    List.of("attribute", "tag"),
                    attributes(
                            List.of("name"),
                            List.of("creation_timestamp", "last_updated_timestamp")),
                    Map.of(),
                    List.of("creation_timestamp", "last_updated_timestamp"),
                    List.of("name"));

    static final Vocabulary VERSIONS =
            new Vocabulary(
                    List.of("attribute", "tag"),
                    attributes(
                            List.of("name", "run_id", "source_path"),
                            List.of(
                                    "creation_timestamp",
                                    "last_updated_timestamp",
                                    "version_number")),
                    Map.of(),
                    List.of("creation_timestamp", "last_updated_timestamp"),
                    List.of("name", "run_id"));

    static final Vocabulary LOGGED_MODELS =
            new Vocabulary(
                    List.of("metric", "parameter", "tag", "attribute"),
                    attributes(
                            List.of("name", "model_id", "model_type", "status", "source_run_id"),
                            List.of("creation_timestamp", "last_updated_timestamp")),
                    Map.of(
                            "creation_time", "creation_timestamp",
                            "creation_timestamp_ms", "creation_timestamp",
                            "last_updated_time", "last_updated_timestamp",
                            "last_updated_timestamp_ms", "last_updated_timestamp"),
                    List.of(),
                    List.of("name", "model_id", "source_run_id"));

    private static Map<String, Field.Attribute> attributes(
            List<String> texts, List<String> numbers) {
        Map<String, Field.Attribute> attributes = new TreeMap<>();
        texts.forEach(name -> attributes.put(name, new Field.Attribute(name, false)));
        numbers.forEach(name -> attributes.put(name, new Field.Attribute(name, true)));
        return attributes;
    }

    private static Map<String, String> entities() {
        Map<String, String> entities = new LinkedHashMap<>();
        List.of("metric", "metrics").forEach(word -> entities.put(word, "metric"));
        List.of("parameter", "parameters", "param", "params")
                .forEach(word -> entities.put(word, "parameter"));
        List.of("tag", "tags").forEach(word -> entities.put(word, "tag"));
        List.of("dataset", "datasets").forEach(word -> entities.put(word, "dataset"));
        List.of("attribute", "attr", "attributes", "run")
                .forEach(word -> entities.put(word, "attribute"));
        return entities;
    }

    /// The field that a filter names.
    ///
    /// @throws TrackingRefused when there is none
    Field filtered(FieldName name) {
        Field field = known(name);
        if (field instanceof Field.Attribute(String attribute, boolean _)
                && orderOnly.contains(attribute)) {
            throw unknownAttribute(name.key(), orderOnly);
        }
        return field;
    }

    /// The field that an order names.
    ///
    /// @throws TrackingRefused when there is none
    Field ordered(FieldName name) {
        Field field = known(name);
        if (field instanceof Field.OfDataset) {
            throw TrackingRefused.invalid("Invalid order_by entity type '" + name.entity() + "'");
        }
        return field;
    }

    private Field known(FieldName name) {
        String entity = ENTITIES.getOrDefault(name.entity(), "");
        if (!known.contains(entity)) {
            throw TrackingRefused.invalid(
                    "Invalid entity type '"
                            + name.entity()
                            + "'. Valid values are ['"
                            + String.join("', '", known)
                            + "']");
        }
        return switch (entity) {
            case "metric" -> new Field.OfMetric(name.key());
            case "parameter" -> new Field.OfParam(name.key());
            case "tag" -> new Field.OfTag(name.key());
            case "dataset" -> ofDataset(name.key());
            default -> attribute(name.key());
        };
    }

    boolean takesLists(Field field) {
        return field instanceof Field.OfDataset
                || (field instanceof Field.Attribute(String name, boolean _)
                        && listed.contains(name));
    }

    private static Field ofDataset(String key) {
        if (!OF_DATASETS.contains(key)) {
            throw TrackingRefused.invalid(
                    "Invalid dataset key '"
                            + key
                            + "' specified. Valid keys are ['"
                            + String.join("', '", OF_DATASETS)
                            + "']");
        }
        return new Field.OfDataset(key);
    }

    private Field attribute(String key) {
        Field.Attribute attribute = attributes.get(aliases.getOrDefault(key, key));
        if (attribute == null) {
            throw unknownAttribute(key, List.of());
        }
        return attribute;
    }

    private TrackingRefused unknownAttribute(String key, List<String> without) {
        List<String> valid =
                attributes.keySet().stream().filter(name -> !without.contains(name)).toList();
        return TrackingRefused.invalid(
                "Invalid attribute key '"
                        + key
                        + "' specified. Valid keys are ['"
                        + String.join("', '", valid)
                        + "']");
    }
}
