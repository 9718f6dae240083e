package leat.ml.scoring.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import leat.core.scoring.ElementType;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;

/// Tensors as bytes: little endian, a byte for a boolean, texts behind their length of four bytes.
public final class TensorBytes {

    private TensorBytes() {}

    /// Reads a tensor that takes all bytes.
    ///
    /// @throws InferenceMalformed when they are not as many as the shape needs
    public static Tensor read(String name, ElementType type, Shape shape, ByteBuffer bytes) {
        ByteBuffer in = bytes.order(ByteOrder.LITTLE_ENDIAN);
        int size = in.remaining();
        if (type == ElementType.BYTES) {
            return new Tensor.Texts(shape, texts(name, shape.size(), in));
        }
        if (size != (long) shape.size() * width(type)) {
            throw new InferenceMalformed(
                    name + ": " + size + " bytes for " + type + " of shape " + shape);
        }
        return switch (type) {
            case FP32 -> new Tensor.Floats(shape, copy(in.asFloatBuffer()));
            case FP64 -> new Tensor.Doubles(shape, copy(in.asDoubleBuffer()));
            case INT64 -> new Tensor.Longs(shape, copy(in.asLongBuffer()));
            case INT32 -> new Tensor.Ints(shape, copy(in.asIntBuffer()));
            case INT16 -> new Tensor.Shorts(shape, copy(in.asShortBuffer()));
            case INT8, UINT8 -> bytes(type, shape, in);
            case BOOL -> flags(name, shape, in);
            case BYTES -> throw new IllegalStateException("texts are read otherwise");
        };
    }

    private static Tensor bytes(ElementType type, Shape shape, ByteBuffer in) {
        return new Tensor.Bytes(type, shape, ByteBuffer.allocate(in.remaining()).put(in).flip());
    }

    private static Tensor flags(String name, Shape shape, ByteBuffer in) {
        for (int i = in.position(); i < in.limit(); i++) {
            if (in.get(i) != 0 && in.get(i) != 1) {
                throw new InferenceMalformed(name + ": a boolean is " + in.get(i));
            }
        }
        return bytes(ElementType.BOOL, shape, in);
    }

    private static FloatBuffer copy(FloatBuffer values) {
        return FloatBuffer.allocate(values.remaining()).put(values).flip();
    }

    private static DoubleBuffer copy(DoubleBuffer values) {
        return DoubleBuffer.allocate(values.remaining()).put(values).flip();
    }

    private static LongBuffer copy(LongBuffer values) {
        return LongBuffer.allocate(values.remaining()).put(values).flip();
    }

    private static IntBuffer copy(IntBuffer values) {
        return IntBuffer.allocate(values.remaining()).put(values).flip();
    }

    private static ShortBuffer copy(ShortBuffer values) {
        return ShortBuffer.allocate(values.remaining()).put(values).flip();
    }

    private static int width(ElementType type) {
        return switch (type) {
            case BOOL, INT8, UINT8 -> 1;
            case INT16 -> Short.BYTES;
            case INT32, FP32 -> Integer.BYTES;
            case INT64, FP64 -> Long.BYTES;
            case BYTES -> throw new IllegalArgumentException("texts have no width");
        };
    }

    private static List<String> texts(String name, int size, ByteBuffer in) {
        List<String> texts = new ArrayList<>();
        while (in.remaining() >= Integer.BYTES) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw new InferenceMalformed(name + ": a text goes beyond the end");
            }
            byte[] text = new byte[length];
            in.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        if (in.hasRemaining() || texts.size() != size) {
            throw new InferenceMalformed(
                    name + ": " + texts.size() + " texts where the shape has " + size);
        }
        return texts;
    }

    /// All values of a tensor.
    public static byte[] write(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats(_, FloatBuffer values) ->
                    bytes(
                            values.limit(),
                            Float.BYTES,
                            out -> out.asFloatBuffer().put(values.duplicate().rewind()));
            case Tensor.Doubles(_, DoubleBuffer values) ->
                    bytes(
                            values.limit(),
                            Double.BYTES,
                            out -> out.asDoubleBuffer().put(values.duplicate().rewind()));
            case Tensor.Longs(_, LongBuffer values) ->
                    bytes(
                            values.limit(),
                            Long.BYTES,
                            out -> out.asLongBuffer().put(values.duplicate().rewind()));
            case Tensor.Ints(_, IntBuffer values) ->
                    bytes(
                            values.limit(),
                            Integer.BYTES,
                            out -> out.asIntBuffer().put(values.duplicate().rewind()));
            case Tensor.Shorts(_, ShortBuffer values) ->
                    bytes(
                            values.limit(),
                            Short.BYTES,
                            out -> out.asShortBuffer().put(values.duplicate().rewind()));
            case Tensor.Bytes(_, _, ByteBuffer values) ->
                    bytes(values.limit(), 1, out -> out.put(values.duplicate().rewind()));
            case Tensor.Texts(_, List<String> values) -> texts(values);
        };
    }

    private static byte[] bytes(int size, int width, Consumer<ByteBuffer> fill) {
        byte[] bytes = new byte[Math.multiplyExact(size, width)];
        fill.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return bytes;
    }

    private static byte[] texts(List<String> values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String value : values) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(bytes(1, Integer.BYTES, length -> length.putInt(text.length)));
            out.writeBytes(text);
        }
        return out.toByteArray();
    }
}
