package leat.core.validate;

import java.util.List;
import leat.core.contract.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.sym.PropertyNameMatcher;

/// One object of the contract, and which of its fields give texts to [TopLevelCheck].
final class PickedFields {
    final List<Field> fields;
    final PropertyNameMatcher matcher;
    final PlainNames names;

    /// Which text a field gives, -1 for none.
    final int[] slots;

    /// The fields' own objects.
    final @Nullable PickedFields[] children;

    PickedFields(List<Field> fields) {
        this.fields = fields;
        this.matcher = Json.matcher(fields);
        this.names = new PlainNames(fields, _ -> true);
        this.slots = new int[fields.size()];
        this.children = new PickedFields[fields.size()];
    }
}
