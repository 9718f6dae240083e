package leat.stream.retry;

import java.nio.file.Path;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;

/// Orders, as the first version of their contract wants them and as a wider one does.
final class RetryContracts {

    /// Every order needs a country.
    static final Contract ORDERS = orders("1.0.0", true, "");

    /// No order needs one.
    static final Contract WIDER = orders("1.1.0", false, "");

    private RetryContracts() {}

    /// @param more custom properties
    static Contract orders(String version, boolean countryRequired, String more) {
        return orders(Path.of(""), version, countryRequired, more);
    }

    /// @param folder where files are that the contract names
    static Contract orders(Path folder, String version, boolean countryRequired, String more) {
        return OdcsReader.read(
                        folder.resolve("order.odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: order
                        version: %s
                        status: active
                        schema:
                          - name: order
                            properties:
                              - {name: order, logicalType: integer, required: true, primaryKey: true}
                              - {name: country, logicalType: string, required: %s}
                              - {name: placed, logicalType: timestamp}
                              - {name: region, logicalType: string}
                        customProperties:
                          - property: leat.enrich
                            value:
                              - {field: region, constant: eu}
                        %s\
                        """
                                .formatted(version, countryRequired, more.indent(2)))
                .orThrow();
    }
}
