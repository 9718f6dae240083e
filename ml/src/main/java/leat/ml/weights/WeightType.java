package leat.ml.weights;

import java.util.Arrays;
import java.util.Optional;

/// What the elements of weights are, with their names in each format: the numbers are those of
/// ONNX's `TensorProto.DataType`. Texts are none of them, and neither are complex numbers.
public enum WeightType {
    FLOAT(1, "F32", "f4", 4),
    UINT8(2, "U8", "u1", 1),
    INT8(3, "I8", "i1", 1),
    UINT16(4, "U16", "u2", 2),
    INT16(5, "I16", "i2", 2),
    INT32(6, "I32", "i4", 4),
    INT64(7, "I64", "i8", 8),
    BOOL(9, "BOOL", "b1", 1),
    FLOAT16(10, "F16", "f2", 2),
    DOUBLE(11, "F64", "f8", 8),
    UINT32(12, "U32", "u4", 4),
    UINT64(13, "U64", "u8", 8),

    /// NumPy has none.
    BFLOAT16(16, "BF16", "", 2);

    private final int onnx;
    private final String safeTensors;
    private final String numpy;
    private final int sizeBytes;

    WeightType(int onnx, String safeTensors, String numpy, int sizeBytes) {
        this.onnx = onnx;
        this.safeTensors = safeTensors;
        this.numpy = numpy;
        this.sizeBytes = sizeBytes;
    }

    int onnx() {
        return onnx;
    }

    String safeTensors() {
        return safeTensors;
    }

    /// Of one element.
    int sizeBytes() {
        return sizeBytes;
    }

    static Optional<WeightType> ofOnnx(int number) {
        return Arrays.stream(values()).filter(type -> type.onnx == number).findFirst();
    }

    static Optional<WeightType> ofSafeTensors(String name) {
        return Arrays.stream(values()).filter(type -> type.safeTensors.equals(name)).findFirst();
    }

    /// @param name without the order of bytes, `f4`
    static Optional<WeightType> ofNumpy(String name) {
        return Arrays.stream(values()).filter(type -> type.numpy.equals(name)).findFirst();
    }
}
