package leat.stream.registry;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.registry.RegisteredSchema;
import leat.core.registry.RegisteredVersion;
import leat.core.registry.SchemaText;
import leat.core.registry.SchemaText.SchemaType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A registered version as the value of its record, JSON of format 1.
final class RegistryJson {

    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private RegistryJson() {}

    static byte[] write(RegisteredVersion version) {
        ObjectNode node = JSON.createObjectNode();
        node.put("format", FORMAT);
        node.put("name", version.name().value());
        node.put("version", version.version().toString());
        node.put("status", version.status());
        node.put("registered", version.registered().toString());
        ArrayNode schemas = node.putArray("schemas");
        for (RegisteredSchema schema : version.schemas()) {
            schemas.addObject()
                    .put("id", schema.id())
                    .put("number", schema.number())
                    .put("subject", schema.subject())
                    .put("type", schema.schema().type().name())
                    .put("text", schema.schema().text());
        }
        node.put("odcs", version.odcs());
        return JSON.writeValueAsBytes(node);
    }

    /// @throws RegistryUnreadable when a newer program wrote it, or nobody of ours
    static RegisteredVersion read(String topic, long offset, byte[] value) {
        try {
            JsonNode node = JSON.readTree(value);
            int format = node.path("format").asInt(0);
            if (format != FORMAT) {
                throw new RegistryUnreadable(
                        topic, offset, "its format is " + format + ", this program knows 1", null);
            }
            List<RegisteredSchema> schemas = new ArrayList<>();
            for (JsonNode schema : node.path("schemas")) {
                schemas.add(
                        new RegisteredSchema(
                                schema.path("id").asInt(),
                                schema.path("number").asInt(),
                                new SchemaText(
                                        schema.path("subject").asString(),
                                        SchemaType.valueOf(schema.path("type").asString()),
                                        schema.path("text").asString())));
            }
            return new RegisteredVersion(
                    new ContractName(node.path("name").asString()),
                    ContractVersion.parse(node.path("version").asString()),
                    node.path("status").asString(),
                    node.path("odcs").asString(),
                    Instant.parse(node.path("registered").asString()),
                    schemas);
        } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
            throw new RegistryUnreadable(topic, offset, String.valueOf(e.getMessage()), e);
        }
    }

    static byte[] key(RegisteredVersion version) {
        return version.key().getBytes(StandardCharsets.UTF_8);
    }
}
