package leat.stream.reference;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;

/// A reference contract of cars, and rows of it.
final class CarRegistry {

    static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("car-registry.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: car-registry
                            version: 1.0.0
                            status: active
                            schema:
                              - name: car_registry
                                properties:
                                  - {name: car, logicalType: string, required: true}
                                  - {name: make, logicalType: string}
                                  - {name: model_year, logicalType: integer}
                                  - {name: scrapped, logicalType: boolean}
                            customProperties:
                              - {property: leat.key, value: car}
                              - {property: leat.partitions, value: 3}
                              - {property: leat.reference, value: true}
                              - {property: leat.deletedField, value: scrapped}
                            """)
                    .orThrow();

    private CarRegistry() {}

    static byte[] row(String car, long year) {
        return json("{\"car\":\"" + car + "\",\"make\":\"Aurora\",\"model_year\":" + year + "}");
    }

    static byte[] scrapped(String car) {
        return json("{\"car\":\"" + car + "\",\"scrapped\":true}");
    }

    static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
