package leat.stream.search;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.Names;
import leat.core.event.TopicId;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How an index of a contract is laid out: its settings and its mapping, with the ids of the topics
/// that it is loaded from.
///
/// A value that does not fit the mapping refuses the document; nothing is left out silently. Fields
/// that the contract does not name stay in the document and are not searchable.
public record IndexTemplate(
        String index, Map<String, TopicId> topics, String settings, String mapping) {

    /// The longest text that is found as a whole: the engine takes 32,766 bytes a term.
    static final int MAX_KEYWORD_CHARS = 8191;

    static final String DATE_FORMAT = "strict_date_optional_time";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int SHORT_TEXT_CHARS = 256;
    private static final int DEFAULT_FIELD_LIMIT = 1000;
    private static final int DEPTH_LIMIT = 66;
    private static final int PRIORITY = 500;

    public IndexTemplate {
        topics = Map.copyOf(topics);
    }

    /// The index of a contract's enriched events.
    ///
    /// @throws IllegalArgumentException when a field's name is one of ours
    public static IndexTemplate enriched(
            Names names, Contract contract, Map<String, TopicId> topics, SearchSettings settings) {
        return of(SearchFeed.EVENTS, names, contract, topics, settings);
    }

    /// The index of what a loader takes.
    ///
    /// @throws IllegalArgumentException when a field's name is one of ours
    static IndexTemplate of(
            SearchFeed feed,
            Names names,
            Contract contract,
            Map<String, TopicId> topics,
            SearchSettings settings) {
        ObjectNode properties = JSON.createObjectNode();
        for (Field field : contract.publishedFields()) {
            if (field.name().startsWith("leat_")) {
                throw new IllegalArgumentException(
                        "contract "
                                + contract.name()
                                + ": field '"
                                + field.name()
                                + "' has a name that Leat keeps for itself; rename it");
            }
            properties.set(field.name(), mapping(field.type()));
        }
        keywords(properties, "leat_id", "leat_source", "leat_version");
        dates(properties, "leat_time", "leat_appended");
        longs(properties, "leat_partition", "leat_offset");
        return of(names.index(feed.kind(), contract), contract, topics, settings, properties);
    }

    /// The index of a contract's dead letters, those of every stage.
    public static IndexTemplate dead(
            Names names, Contract contract, Map<String, TopicId> topics, SearchSettings settings) {
        ObjectNode properties = JSON.createObjectNode();
        keywords(
                properties,
                "leat_dead_id",
                "leat_stage",
                "leat_id",
                "leat_source",
                "leat_version",
                "leat_topic_id",
                "reason_codes",
                "reason_fields");
        dates(properties, "leat_time", "leat_appended");
        longs(properties, "leat_partition", "leat_offset");
        properties.putObject("reasons").put("type", "text");
        // Kept as it came, never looked into: nothing in a payload can refuse its dead letter.
        properties.putObject("payload").put("type", "object").put("enabled", false);
        properties.putObject("payload_base64").put("type", "object").put("enabled", false);
        return of(names.index("dead", contract), contract, topics, settings, properties);
    }

    /// The body of an index template for this index and its later generations.
    public String templateBody() {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("index_patterns").add(index).add(index + ".g*");
        body.put("priority", PRIORITY);
        body.set("template", JSON.readTree(indexBody()));
        return body.toString();
    }

    /// The body that makes this index.
    public String indexBody() {
        return "{\"settings\":" + settings + ",\"mappings\":" + mapping + "}";
    }

    private static IndexTemplate of(
            String index,
            Contract contract,
            Map<String, TopicId> topics,
            SearchSettings settings,
            ObjectNode properties) {
        ObjectNode mapping = JSON.createObjectNode();
        ObjectNode meta = mapping.putObject("_meta");
        meta.put("leat_contract", contract.name().value());
        meta.put("leat_contract_version", contract.version().toString());
        ObjectNode pins = meta.putObject("leat_topics");
        new TreeMap<>(topics).forEach((topic, id) -> pins.put(topic, id.value()));
        mapping.put("dynamic", false);
        mapping.put("date_detection", false);
        mapping.set("properties", properties);
        return new IndexTemplate(
                index, topics, settings(settings, properties).toString(), mapping.toString());
    }

    private static ObjectNode settings(SearchSettings settings, ObjectNode properties) {
        ObjectNode index = JSON.createObjectNode();
        index.put("number_of_shards", settings.shards());
        index.put("auto_expand_replicas", "0-1");
        index.put("refresh_interval", settings.refreshInterval().toMillis() + "ms");
        ObjectNode mapping = index.putObject("mapping");
        // With coercion the engine would index 1.5 as 1, and the text "7" as a number.
        mapping.put("coerce", false);
        mapping.put("ignore_malformed", false);
        mapping.putObject("total_fields")
                .put("limit", Math.max(DEFAULT_FIELD_LIMIT, 2 * fields(properties)));
        mapping.putObject("depth").put("limit", DEPTH_LIMIT);
        ObjectNode body = JSON.createObjectNode();
        body.set("index", index);
        return body;
    }

    private static int fields(ObjectNode properties) {
        int count = 0;
        for (var property : properties.values()) {
            count += 1 + property.path("fields").size();
            if (property.path("properties") instanceof ObjectNode nested) {
                count += fields(nested);
            }
        }
        return count;
    }

    private static ObjectNode mapping(FieldType type) {
        return switch (type) {
            case FieldType.Text text -> text(text);
            case FieldType.Int _ -> type("long");
            case FieldType.Real _ -> type("double");
            // The exact digits stay in the document; searches and sums see a double.
            case FieldType.Decimal _ -> type("double");
            case FieldType.Bool _ -> type("boolean");
            case FieldType.Date _, FieldType.Timestamp _ -> type("date").put("format", DATE_FORMAT);
            case FieldType.Time _ -> keyword();
            case FieldType.Struct struct -> struct(struct.fields());
            // An index has no array type: a field may have many values.
            case FieldType.Array array -> mapping(array.items());
        };
    }

    private static ObjectNode text(FieldType.Text text) {
        boolean isShort =
                text.length().upper().filter(b -> b.value() <= SHORT_TEXT_CHARS).isPresent();
        boolean isToken =
                text.pattern().isPresent()
                        || text.format().isPresent()
                        || !text.allowed().isEmpty();
        ObjectNode mapping = keyword();
        if (!isShort && !isToken) {
            mapping.putObject("fields").putObject("text").put("type", "text");
        }
        return mapping;
    }

    private static ObjectNode struct(List<Field> fields) {
        ObjectNode mapping = type("object").put("dynamic", false);
        ObjectNode properties = mapping.putObject("properties");
        fields.forEach(field -> properties.set(field.name(), mapping(field.type())));
        return mapping;
    }

    private static ObjectNode keyword() {
        return type("keyword").put("ignore_above", MAX_KEYWORD_CHARS);
    }

    private static ObjectNode type(String name) {
        return JSON.createObjectNode().put("type", name);
    }

    private static void keywords(ObjectNode properties, String... names) {
        for (String name : names) {
            properties.set(name, keyword());
        }
    }

    private static void dates(ObjectNode properties, String... names) {
        for (String name : names) {
            properties.set(name, type("date").put("format", DATE_FORMAT));
        }
    }

    private static void longs(ObjectNode properties, String... names) {
        for (String name : names) {
            properties.set(name, type("long"));
        }
    }
}
