package leat.console.grpc;

import com.google.protobuf.ByteString;
import java.util.List;
import leat.core.scoring.ElementType;
import leat.core.scoring.Port;
import leat.core.scoring.Tensor;
import leat.inference.v2.InferTensorContents;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.ml.scoring.protocol.Tensors;

/// Tensors as the protocol's typed contents: one list for each kind of value, the small integers
/// among those of 32 bits.
final class TensorContents {

    private TensorContents() {}

    /// Reads a tensor.
    ///
    /// @throws InferenceMalformed when the list of its type does not fit its shape
    static Tensor read(Port port, InferTensorContents contents) {
        return Tensors.of(port, values(port.type(), contents));
    }

    private static List<?> values(ElementType type, InferTensorContents contents) {
        return switch (type) {
            case BOOL -> contents.getBoolContentsList();
            case INT8, INT16, INT32 -> contents.getIntContentsList();
            case INT64 -> contents.getInt64ContentsList();
            case UINT8 ->
                    contents.getUintContentsList().stream().map(Integer::toUnsignedLong).toList();
            case FP32 -> contents.getFp32ContentsList();
            case FP64 -> contents.getFp64ContentsList();
            case BYTES ->
                    contents.getBytesContentsList().stream().map(ByteString::toStringUtf8).toList();
        };
    }

    /// Writes a tensor.
    static InferTensorContents write(Tensor tensor) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (int i = 0; i < tensor.shape().size(); i++) {
            switch (tensor) {
                // As it is: NaN and infinite values have their place here.
                case Tensor.Floats floats -> contents.addFp32Contents(floats.values().get(i));
                case Tensor.Doubles doubles -> contents.addFp64Contents(doubles.values().get(i));
                case Tensor.Longs longs -> contents.addInt64Contents(longs.values().get(i));
                case Tensor.Ints ints -> contents.addIntContents(ints.values().get(i));
                case Tensor.Shorts shorts -> contents.addIntContents(shorts.values().get(i));
                case Tensor.Bytes bytes -> add(bytes.type(), bytes.values().get(i), contents);
                case Tensor.Texts texts ->
                        contents.addBytesContents(ByteString.copyFromUtf8(texts.values().get(i)));
            }
        }
        return contents.build();
    }

    private static void add(ElementType type, byte value, InferTensorContents.Builder contents) {
        switch (type) {
            case BOOL -> contents.addBoolContents(value != 0);
            case UINT8 -> contents.addUintContents(Byte.toUnsignedInt(value));
            case INT8, INT16, INT32, INT64, FP32, FP64, BYTES -> contents.addIntContents(value);
        }
    }
}
