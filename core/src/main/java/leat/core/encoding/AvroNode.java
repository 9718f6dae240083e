package leat.core.encoding;

import java.util.Collection;
import java.util.List;
import leat.core.contract.FieldType;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// How one place of an Avro schema is written as the contract's type demands.
sealed interface AvroNode {

    /// Writes one datum that is not null.
    void write(Object datum, JsonOutput out);

    /// A single value.
    record Scalar(AvroScalar scalar, Schema schema, FieldType type) implements AvroNode {
        @Override
        public void write(Object datum, JsonOutput out) {
            scalar.source().write(type, scalar.value(datum, schema), out);
        }
    }

    /// One of several types.
    ///
    /// @param branches in the schema's order; null for Avro's `null`
    record Union(Schema schema, List<@Nullable AvroNode> branches) implements AvroNode {
        @Override
        public void write(Object datum, JsonOutput out) {
            AvroNode branch = branches.get(GenericData.get().resolveUnion(schema, datum));
            if (branch == null) {
                throw new IllegalStateException("a datum that is not null is of type null");
            }
            branch.write(datum, out);
        }
    }

    /// A list. Its null items are written, so that the validator names them.
    record Items(AvroNode item) implements AvroNode {
        @Override
        public void write(Object datum, JsonOutput out) {
            boolean outer = out.open('[');
            int index = 0;
            for (@Nullable Object value : (Collection<?>) datum) {
                out.item();
                try {
                    if (value == null) {
                        out.text().append("null");
                    } else {
                        item.write(value, out);
                    }
                } catch (Undecodable e) {
                    throw e.in(index);
                }
                index++;
            }
            out.close(']', outer);
        }
    }

    /// A field of the contract and where its value is in the record.
    record Slot(String name, int position, AvroNode node) {}

    /// An object. A null is left out.
    record Fields(List<Slot> slots) implements AvroNode {
        public Fields {
            slots = List.copyOf(slots);
        }

        @Override
        public void write(Object datum, JsonOutput out) {
            boolean outer = out.open('{');
            members((IndexedRecord) datum, out);
            out.close('}', outer);
        }

        void members(IndexedRecord record, JsonOutput out) {
            for (Slot slot : slots) {
                Object value = record.get(slot.position());
                if (value == null) {
                    continue;
                }
                out.name(slot.name());
                try {
                    slot.node().write(value, out);
                } catch (Undecodable e) {
                    throw e.in(slot.name());
                }
            }
        }
    }
}
