package leat.core.odcs;

import java.util.Set;

/// The keys that ODCS 3.1 knows. All of them are accepted; which of them Leat acts on stands in
/// `docs/reference/contract.md`.
final class OdcsKeys {

    static final Set<String> ROOT =
            Set.of(
                    "apiVersion",
                    "kind",
                    "id",
                    "name",
                    "version",
                    "status",
                    "tenant",
                    "tags",
                    "servers",
                    "dataProduct",
                    "description",
                    "domain",
                    "schema",
                    "support",
                    "price",
                    "team",
                    "roles",
                    "slaDefaultElement",
                    "slaProperties",
                    "authoritativeDefinitions",
                    "customProperties",
                    "contractCreatedTs");

    static final Set<String> SCHEMA =
            Set.of(
                    "id",
                    "name",
                    "logicalType",
                    "physicalName",
                    "physicalType",
                    "description",
                    "businessName",
                    "authoritativeDefinitions",
                    "tags",
                    "customProperties",
                    "dataGranularityDescription",
                    "properties",
                    "relationships",
                    "quality");

    static final Set<String> PROPERTY =
            Set.of(
                    "id",
                    "name",
                    "logicalType",
                    "logicalTypeOptions",
                    "physicalName",
                    "physicalType",
                    "description",
                    "businessName",
                    "authoritativeDefinitions",
                    "tags",
                    "customProperties",
                    "primaryKey",
                    "primaryKeyPosition",
                    "required",
                    "unique",
                    "partitioned",
                    "partitionKeyPosition",
                    "classification",
                    "encryptedName",
                    "transformSourceObjects",
                    "transformLogic",
                    "transformDescription",
                    "examples",
                    "criticalDataElement",
                    "relationships",
                    "quality",
                    "properties",
                    "items");

    static final Set<String> QUALITY =
            Set.of(
                    "id",
                    "name",
                    "description",
                    "authoritativeDefinitions",
                    "businessImpact",
                    "customProperties",
                    "dimension",
                    "method",
                    "schedule",
                    "scheduler",
                    "severity",
                    "tags",
                    "type",
                    "unit",
                    "metric",
                    "arguments",
                    "query",
                    "engine",
                    "implementation",
                    "mustBe",
                    "mustNotBe",
                    "mustBeGreaterThan",
                    "mustBeGreaterOrEqualTo",
                    "mustBeLessThan",
                    "mustBeLessOrEqualTo",
                    "mustBeBetween",
                    "mustNotBeBetween");

    static final Set<String> SLA =
            Set.of(
                    "id",
                    "property",
                    "value",
                    "valueExt",
                    "unit",
                    "element",
                    "driver",
                    "description",
                    "scheduler",
                    "schedule");

    static final Set<String> STATUSES =
            Set.of("proposed", "draft", "active", "deprecated", "retired");

    private OdcsKeys() {}
}
