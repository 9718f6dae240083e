package leat.ml.weights;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An initializer of an ONNX graph, a `TensorProto` of
/// <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
///
/// @param type the number of its type
/// @param isOutside whether its elements lie in a file of their own
/// @param fields of the message
record Initializer(
        String name, int type, List<Long> shape, boolean isOutside, List<ProtoField> fields) {

    private static final int DIMENSION = 1;
    private static final int TYPE = 2;
    private static final int FLOATS = 4;
    private static final int INTEGERS = 5;
    private static final int LONGS = 7;
    private static final int NAME = 8;
    private static final int RAW = 9;
    private static final int DOUBLES = 10;
    private static final int UNSIGNED = 11;
    private static final int OUTSIDE = 13;

    Initializer {
        shape = List.copyOf(shape);
        fields = List.copyOf(fields);
    }

    /// @throws InvalidProtocolBufferException when it is none
    static Initializer of(ByteString message) throws InvalidProtocolBufferException {
        List<ProtoField> fields = ProtoField.of(message);
        List<Long> shape = new ArrayList<>();
        String name = "";
        int type = 0;
        boolean isOutside = false;
        for (ProtoField field : fields) {
            switch (field.number()) {
                case DIMENSION -> shape.addAll(field.wholes());
                case TYPE -> type = field.wholes().stream().findFirst().orElse(0L).intValue();
                case NAME -> name = field.body().toStringUtf8();
                case OUTSIDE -> isOutside = true;
                default -> {
                    // Its elements, and what it says of itself.
                }
            }
        }
        return new Initializer(name, type, shape, isOutside, fields);
    }

    /// `FLOAT[3, 4]`, for people
    String kind() {
        return WeightType.ofOnnx(type).map(WeightType::name).orElse("TYPE " + type) + shape;
    }

    /// What it holds; empty where that lies in a file of its own, or is no weight.
    ///
    /// @throws InvalidProtocolBufferException when it is not as many elements as it should be
    Optional<Weight> weight() throws InvalidProtocolBufferException {
        Optional<WeightType> known = WeightType.ofOnnx(type);
        if (isOutside || known.isEmpty()) {
            return Optional.empty();
        }
        ByteString bytes = ByteString.EMPTY;
        for (ProtoField field : fields) {
            bytes =
                    switch (field.number()) {
                        // These are written as they are in memory.
                        case RAW, FLOATS, DOUBLES -> bytes.concat(field.body());
                        case INTEGERS, LONGS, UNSIGNED ->
                                bytes.concat(elements(field.wholes(), known.get().sizeBytes()));
                        default -> bytes;
                    };
        }
        if (bytes.size() != Weight.sizeBytes(known.get(), shape)) {
            throw new InvalidProtocolBufferException(
                    name + " has " + bytes.size() + " bytes for " + kind());
        }
        return Optional.of(new Weight(known.get(), shape, bytes));
    }

    /// @param size of an element in bytes, to which the numbers are cut
    private static ByteString elements(List<Long> numbers, int size) {
        ByteBuffer buffer =
                ByteBuffer.allocate(numbers.size() * size + Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < numbers.size(); i++) {
            buffer.putLong(i * size, numbers.get(i));
        }
        return ByteString.copyFrom(buffer.limit(numbers.size() * size));
    }

    /// A message with a weight under a name.
    static ByteString message(String name, Weight weight) {
        ProtoWriter out = new ProtoWriter();
        weight.shape().forEach(dimension -> out.whole(DIMENSION, dimension));
        return out.whole(TYPE, weight.type().onnx())
                .bytes(NAME, ByteString.copyFromUtf8(name))
                .bytes(RAW, weight.bytes())
                .toBytes();
    }
}
