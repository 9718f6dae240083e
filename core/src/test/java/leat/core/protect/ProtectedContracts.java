package leat.core.protect;

import java.nio.file.Path;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;

/// A contract whose fields are protected in every way, and the key for it.
final class ProtectedContracts {

    static final Optional<ProtectionKey> KEY =
            Optional.of(ProtectionKey.parse("00".repeat(16) + "ff".repeat(16)));

    static final String HEAD =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: order
            version: 1.0.0
            status: active
            schema:
              - name: order
                properties:
                  - {name: number, logicalType: integer, required: true, primaryKey: true}
                  - {name: when, logicalType: timestamp}
                  - {name: mail, logicalType: string, required: true, logicalTypeOptions: {format: email}, classification: secret}
                  - {name: card, logicalType: string, logicalTypeOptions: {minLength: 1, maxLength: 19}}
                  - {name: born, logicalType: date, required: true}
                  - name: customer
                    logicalType: object
                    required: true
                    properties:
                      - {name: id, logicalType: string}
                      - {name: nämé, logicalType: string, classification: secret}
                      - {name: note, logicalType: string}
                  - name: lines
                    logicalType: array
                    items:
                      logicalType: object
                      properties:
                        - {name: sku, logicalType: string}
                        - {name: engraving, logicalType: string, classification: secret}
                        - {name: tags, logicalType: array, items: {logicalType: string, classification: odd}}
                  - {name: domain, logicalType: string}
            customProperties:
              - {property: leat.unknownFields, value: keep}
              - {property: leat.key, value: mail}
              - {property: leat.time, value: when}
              - property: leat.enrich
                value:
                  - {field: domain, constant: example.org}
            """;

    static final Contract ALL =
            of(
                    """
                    - {protect: {classification: secret}, action: hash}
                    - {protect: {field: card}, action: mask, keep: {last: 4}}
                    - {protect: {field: customer.note}, action: mask}
                    - {protect: {field: born}, action: drop}
                    - {protect: {field: lines.tags}, action: drop}
                    - {protect: {field: domain}, action: hash}
                    """);

    private ProtectedContracts() {}

    static Contract of(String entries) {
        return OdcsReader.read(Path.of("order.odcs.yaml"), HEAD + entries.indent(6)).orThrow();
    }
}
