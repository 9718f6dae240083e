package leat.core.registry;

import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;

/// The schemas that a contract's version is published with. The same contract has to yield the same
/// texts, always: another text is another schema with another id.
@FunctionalInterface
public interface SchemaSource {

    List<SchemaText> of(Contract contract);

    /// The schemas of both, these first.
    default SchemaSource and(SchemaSource other) {
        return contract -> {
            List<SchemaText> all = new ArrayList<>(of(contract));
            all.addAll(other.of(contract));
            return all;
        };
    }
}
