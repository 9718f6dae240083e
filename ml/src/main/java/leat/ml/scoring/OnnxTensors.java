package leat.ml.scoring;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.lang.foreign.SegmentAllocator;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;

/// Tensors as ONNX Runtime has them, and ours.
final class OnnxTensors {

    private OnnxTensors() {}

    /// @throws ModelFailed when it is no tensor of values that we know
    static Port port(NodeInfo node) {
        if (!(node.getInfo() instanceof TensorInfo info)) {
            throw new ModelFailed(node.getName() + " is no tensor, but " + node.getInfo());
        }
        return new Port(node.getName(), type(node.getName(), info.type), Shape.of(info.getShape()));
    }

    static ElementType type(String name, OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> ElementType.FP32;
            case DOUBLE -> ElementType.FP64;
            case INT8 -> ElementType.INT8;
            case INT16 -> ElementType.INT16;
            case INT32 -> ElementType.INT32;
            case INT64 -> ElementType.INT64;
            case UINT8 -> ElementType.UINT8;
            case BOOL -> ElementType.BOOL;
            case STRING -> ElementType.BYTES;
            case FLOAT16, BFLOAT16, UNKNOWN ->
                    throw new ModelFailed(
                            name
                                    + " is of "
                                    + type
                                    + ", which is not served; cast it to FLOAT inside the model");
        };
    }

    /// A tensor over a copy of the values, outside of the heap. Left to itself, ONNX Runtime would
    /// take memory for it that only the garbage collector frees: a reference for each tensor, which
    /// a collection has to copy and to follow.
    ///
    /// @param memory stays open until the tensor is closed
    static OnnxTensor toOnnx(OrtEnvironment environment, Tensor tensor, SegmentAllocator memory)
            throws OrtException {
        long[] shape = tensor.shape().dimensions().stream().mapToLong(Long::longValue).toArray();
        return switch (tensor) {
            case Tensor.Floats(_, FloatBuffer values) ->
                    OnnxTensor.createTensor(
                            environment,
                            memory(memory, values, Float.BYTES)
                                    .asFloatBuffer()
                                    .put(0, values, 0, values.capacity()),
                            shape);
            case Tensor.Doubles(_, DoubleBuffer values) ->
                    OnnxTensor.createTensor(
                            environment,
                            memory(memory, values, Double.BYTES)
                                    .asDoubleBuffer()
                                    .put(0, values, 0, values.capacity()),
                            shape);
            case Tensor.Longs(_, LongBuffer values) ->
                    OnnxTensor.createTensor(
                            environment,
                            memory(memory, values, Long.BYTES)
                                    .asLongBuffer()
                                    .put(0, values, 0, values.capacity()),
                            shape);
            case Tensor.Ints(_, IntBuffer values) ->
                    OnnxTensor.createTensor(
                            environment,
                            memory(memory, values, Integer.BYTES)
                                    .asIntBuffer()
                                    .put(0, values, 0, values.capacity()),
                            shape);
            case Tensor.Shorts(_, ShortBuffer values) ->
                    OnnxTensor.createTensor(
                            environment,
                            memory(memory, values, Short.BYTES)
                                    .asShortBuffer()
                                    .put(0, values, 0, values.capacity()),
                            shape);
            case Tensor.Bytes(ElementType type, _, ByteBuffer values) ->
                    OnnxTensor.createTensor(
                            environment,
                            memory(memory, values, Byte.BYTES).put(0, values, 0, values.capacity()),
                            shape,
                            byteType(type));
            case Tensor.Texts(_, List<String> values) ->
                    OnnxTensor.createTensor(environment, values.toArray(String[]::new), shape);
        };
    }

    /// As much as all values of a buffer need.
    private static ByteBuffer memory(SegmentAllocator memory, Buffer values, long bytesEach) {
        return memory.allocate(values.capacity() * bytesEach, bytesEach)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    private static OnnxJavaType byteType(ElementType type) {
        return switch (type) {
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case BOOL -> OnnxJavaType.BOOL;
            case INT16, INT32, INT64, FP32, FP64, BYTES ->
                    throw new IllegalArgumentException(type + " is no byte");
        };
    }

    /// A copy, which stays when the other is closed.
    static Tensor fromOnnx(OnnxTensor tensor) throws OrtException {
        TensorInfo info = tensor.getInfo();
        Shape shape = Shape.of(info.getShape());
        return switch (type("an output", info.type)) {
            case FP32 -> new Tensor.Floats(shape, tensor.getFloatBuffer());
            case FP64 -> new Tensor.Doubles(shape, tensor.getDoubleBuffer());
            case INT64 -> new Tensor.Longs(shape, tensor.getLongBuffer());
            case INT32 -> new Tensor.Ints(shape, tensor.getIntBuffer());
            case INT16 -> new Tensor.Shorts(shape, tensor.getShortBuffer());
            case INT8 -> new Tensor.Bytes(ElementType.INT8, shape, tensor.getByteBuffer());
            case UINT8 -> new Tensor.Bytes(ElementType.UINT8, shape, tensor.getByteBuffer());
            case BOOL -> new Tensor.Bytes(ElementType.BOOL, shape, tensor.getByteBuffer());
            case BYTES -> new Tensor.Texts(shape, texts(tensor.getValue()));
        };
    }

    /// The texts of arrays in arrays, or of one text, row by row.
    private static List<String> texts(Object value) {
        return switch (value) {
            case String text -> List.of(text);
            case Object[] values ->
                    Arrays.stream(values).flatMap(part -> texts(part).stream()).toList();
            default -> throw new IllegalArgumentException("no texts, but " + value);
        };
    }
}
