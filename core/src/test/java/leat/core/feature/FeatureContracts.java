package leat.core.feature;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.odcs.OdcsReader;

/// The contracts that views of tests are of.
final class FeatureContracts {

    private static final String READINGS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: readings
            version: 1.0.0
            status: active
            schema:
              - name: readings
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: car, logicalType: string, required: true, classification: confidential}
                  - {name: speed, logicalType: number}
                  - {name: gear, logicalType: integer}
                  - {name: driver, logicalType: string, classification: restricted}
                  - {name: braking, logicalType: boolean}
                  - {name: served, logicalType: timestamp}
                  - {name: price, logicalType: number, physicalType: "decimal(10,2)"}
                  - {name: codes, logicalType: array, items: {logicalType: string}}
                  - name: wheel
                    logicalType: object
                    classification: internal
                    properties:
                      - {name: pressure, logicalType: number}
            customProperties:
              - {property: leat.key, value: car}
              - {property: leat.time, value: time}
            """;

    private static final String KEYLESS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: clicks
            version: 1.0.0
            status: active
            schema:
              - name: clicks
                properties:
                  - {name: page, logicalType: string}
            """;

    private FeatureContracts() {}

    static Contract readings() {
        return OdcsReader.read(Path.of("readings.odcs.yaml"), READINGS).orThrow();
    }

    /// `readings.v1`, and `clicks.v1`, which has no key.
    static Contracts all() {
        return new Contracts(
                List.of(
                        readings(),
                        OdcsReader.read(Path.of("clicks.odcs.yaml"), KEYLESS).orThrow()));
    }
}
