package leat.core.quality;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Problem;

/// Contracts of a small event with rules.
final class QualityContracts {

    private static final String HEAD =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: ride
            version: 1.0.0
            status: active
            schema:
              - name: ride
            """;
    private static final String CAR_AND_SPEED =
            """
                properties:
                  - name: car
                    logicalType: integer
                    required: true
                  - name: speed
                    logicalType: number
            """;
    private static final String REST =
            """
                  - {name: at, logicalType: timestamp}
                  - {name: note, logicalType: string}
                  - name: owner
                    logicalType: object
                    properties:
                      - {name: mail, logicalType: string}
            customProperties:
              - {property: leat.time, value: at}
            """;

    private QualityContracts() {}

    /// The text of a contract of `car`, `speed`, `at`, `note` and `owner.mail`.
    ///
    /// @param object rules of the object
    /// @param speed rules of the field `speed`
    /// @param custom more custom properties
    static String text(String object, String speed, String custom) {
        return HEAD
                + (object.isEmpty() ? "" : "    quality:\n" + object.indent(6))
                + CAR_AND_SPEED
                + (speed.isEmpty() ? "" : "        quality:\n" + speed.indent(10))
                + REST
                + custom.indent(2);
    }

    static Contract contract(String object, String speed, String custom) {
        return OdcsReader.read(Path.of("ride.odcs.yaml"), text(object, speed, custom)).orThrow();
    }

    static List<String> complaints(String object, String speed, String custom) {
        return OdcsReader.read(Path.of("ride.odcs.yaml"), text(object, speed, custom))
                .faults()
                .stream()
                .map(Problem::toString)
                .toList();
    }
}
