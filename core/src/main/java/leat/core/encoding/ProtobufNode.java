package leat.core.encoding;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import leat.core.contract.FieldType;

/// How one place of a Protobuf message is written as the contract's type demands.
sealed interface ProtobufNode {

    /// Writes one value; never null, since Protobuf has none.
    void write(Object value, JsonOutput out);

    /// A single value.
    record Scalar(FieldDescriptor field, Source source, FieldType type) implements ProtobufNode {
        @Override
        public void write(Object value, JsonOutput out) {
            source.write(type, plain(value), out);
        }

        private Object plain(Object value) {
            return switch (field.getType()) {
                case ENUM -> enumName((EnumValueDescriptor) value);
                case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
                case UINT64, FIXED64 -> unsigned((Long) value);
                case INT32,
                        INT64,
                        SINT32,
                        SINT64,
                        SFIXED32,
                        SFIXED64,
                        FLOAT,
                        DOUBLE,
                        BOOL,
                        STRING,
                        BYTES,
                        GROUP,
                        MESSAGE ->
                        value;
            };
        }

        private static Object unsigned(long value) {
            return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
        }

        private static String enumName(EnumValueDescriptor value) {
            if (value.getIndex() < 0) {
                throw new Undecodable(
                        "has the number "
                                + value.getNumber()
                                + ", which no value of "
                                + value.getType().getFullName()
                                + " has");
            }
            return value.getName();
        }
    }

    /// A `google.protobuf.Timestamp`.
    record Timestamp(FieldDescriptor seconds, FieldDescriptor nanos, FieldType type)
            implements ProtobufNode {
        @Override
        public void write(Object value, JsonOutput out) {
            Message message = (Message) value;
            Instant instant =
                    Instant.ofEpochSecond(
                            (Long) message.getField(seconds), (Integer) message.getField(nanos));
            Source.INSTANT.write(type, instant, out);
        }
    }

    /// A single value in a message of its own, as `google.protobuf.DoubleValue` has it.
    record Wrapper(FieldDescriptor field, ProtobufNode node) implements ProtobufNode {
        @Override
        public void write(Object value, JsonOutput out) {
            node.write(((Message) value).getField(field), out);
        }
    }

    /// A list; an empty one is written too, since Protobuf cannot tell it from none.
    record Items(ProtobufNode item) implements ProtobufNode {
        @Override
        public void write(Object value, JsonOutput out) {
            boolean outer = out.open('[');
            int index = 0;
            for (Object one : (Collection<?>) value) {
                out.item();
                try {
                    item.write(one, out);
                } catch (Undecodable e) {
                    throw e.in(index);
                }
                index++;
            }
            out.close(']', outer);
        }
    }

    /// A field of the contract and the field of the message that it comes from.
    record Slot(String name, FieldDescriptor field, ProtobufNode node) {}

    /// An object. A field that tells presence and is absent is left out; one that does not has its
    /// default value, as Protobuf says.
    record Fields(List<Slot> slots) implements ProtobufNode {
        public Fields {
            slots = List.copyOf(slots);
        }

        @Override
        public void write(Object value, JsonOutput out) {
            boolean outer = out.open('{');
            members((Message) value, out);
            out.close('}', outer);
        }

        void members(Message message, JsonOutput out) {
            for (Slot slot : slots) {
                FieldDescriptor field = slot.field();
                if (field.hasPresence() && !message.hasField(field)) {
                    continue;
                }
                out.name(slot.name());
                try {
                    slot.node().write(message.getField(field), out);
                } catch (Undecodable e) {
                    throw e.in(slot.name());
                }
            }
        }
    }
}
