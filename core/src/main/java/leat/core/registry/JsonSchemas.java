package leat.core.registry;

import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.jsonschema.JsonSchemaExport;
import leat.core.registry.SchemaText.SchemaType;

/// JSON Schema of a contract's raw topic (what clients may send) and of its enriched topic (with
/// the fields that the enricher adds).
public record JsonSchemas(Names names) implements SchemaSource {

    @Override
    public List<SchemaText> of(Contract contract) {
        return List.of(
                new SchemaText(
                        names.raw(contract) + "-value",
                        SchemaType.JSON,
                        JsonSchemaExport.of(contract)),
                new SchemaText(
                        names.enriched(contract) + "-value",
                        SchemaType.JSON,
                        JsonSchemaExport.ofEnriched(contract)));
    }
}
