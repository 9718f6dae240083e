package leat.core.enrich;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.contract.Field;
import leat.core.validate.JsonText;
import leat.core.validate.KnownFields;
import leat.core.validate.Row;

/// Writes the added fields into an event's bytes.
final class JsonSplice {

    private final List<Field> fields;
    private final int[] added;
    private final byte[][] names;
    private final boolean drop;

    /// @param added the places of the added fields in `fields`
    /// @param drop whether fields that the contract does not name are left out
    JsonSplice(List<Field> fields, List<Integer> added, boolean drop) {
        this.fields = fields;
        this.added = added.stream().mapToInt(Integer::intValue).toArray();
        this.drop = drop;
        this.names = new byte[added.size()][];
        for (int i = 0; i < names.length; i++) {
            StringBuilder name = new StringBuilder();
            JsonText.quote(fields.get(added.get(i)).name(), name);
            names[i] = name.append(':').toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    byte[] splice(byte[] event, boolean unknownFields, Row row) {
        byte[] base = drop && unknownFields ? KnownFields.only(fields, event) : event;
        if (added.length == 0) {
            return base;
        }
        int close = base.length - 1;
        while (base[close] != '}') {
            close--;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(close + 64 * added.length + 1);
        out.write(base, 0, close);
        boolean first = isEmpty(base, close);
        for (int i = 0; i < added.length; i++) {
            Object value = row.value(added[i]);
            if (value == null) {
                continue;
            }
            if (!first) {
                out.write(',');
            }
            first = false;
            out.writeBytes(names[i]);
            StringBuilder text = new StringBuilder();
            JsonText.append(fields.get(added[i]).type(), value, text);
            out.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        out.write('}');
        return out.toByteArray();
    }

    /// Only an empty object has its opening brace right before the closing one.
    private static boolean isEmpty(byte[] base, int close) {
        int before = close - 1;
        while (base[before] == ' '
                || base[before] == '\n'
                || base[before] == '\r'
                || base[before] == '\t') {
            before--;
        }
        return base[before] == '{';
    }
}
