package leat.core.scoring;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/// Values as JSON and events have them, made those of an input.
public final class TensorValues {

    private static final int UINT8_MAX = 255;

    private final Port port;

    private TensorValues(Port port) {
        this.port = port;
    }

    /// A tensor of an input's type. Numbers become floats and doubles, whole numbers integers,
    /// booleans 0 and 1; a text is taken for `BYTES` alone.
    ///
    /// @param values numbers, booleans and texts, row by row
    /// @throws ModelFailed when one does not fit the type, or they are not as many as the shape has
    public static Tensor tensor(Port port, Shape shape, List<?> values) {
        if (shape.size() != values.size()) {
            throw new ModelFailed(
                    port.name() + ": " + values.size() + " values for a shape of " + shape);
        }
        return new TensorValues(port).tensor(shape, values);
    }

    private Tensor tensor(Shape shape, List<?> values) {
        int size = values.size();
        return switch (port.type()) {
            case FP32 -> {
                FloatBuffer floats = FloatBuffer.allocate(size);
                values.forEach(value -> floats.put((float) number(value)));
                yield new Tensor.Floats(shape, floats.flip());
            }
            case FP64 -> {
                DoubleBuffer doubles = DoubleBuffer.allocate(size);
                values.forEach(value -> doubles.put(number(value)));
                yield new Tensor.Doubles(shape, doubles.flip());
            }
            case INT64 -> {
                LongBuffer longs = LongBuffer.allocate(size);
                values.forEach(value -> longs.put(integer(value, Long.MIN_VALUE, Long.MAX_VALUE)));
                yield new Tensor.Longs(shape, longs.flip());
            }
            case INT32 -> {
                IntBuffer ints = IntBuffer.allocate(size);
                values.forEach(value ->
                        ints.put((int) integer(value, Integer.MIN_VALUE, Integer.MAX_VALUE)));
                yield new Tensor.Ints(shape, ints.flip());
            }
            case INT16 -> {
                ShortBuffer shorts = ShortBuffer.allocate(size);
                values.forEach(value ->
                        shorts.put((short) integer(value, Short.MIN_VALUE, Short.MAX_VALUE)));
                yield new Tensor.Shorts(shape, shorts.flip());
            }
            case INT8 -> bytes(shape, values, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case UINT8 -> bytes(shape, values, 0, UINT8_MAX);
            case BOOL -> bytes(shape, values, 0, 1);
            case BYTES -> new Tensor.Texts(shape, values.stream().map(this::text).toList());
        };
    }

    private Tensor bytes(Shape shape, List<?> values, long least, long most) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size());
        values.forEach(value -> bytes.put((byte) integer(value, least, most)));
        return new Tensor.Bytes(port.type(), shape, bytes.flip());
    }

    private double number(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            default -> throw unfit(value);
        };
    }

    private long integer(Object value, long least, long most) {
        long integer =
                switch (value) {
                    case Long whole -> whole;
                    case Integer whole -> whole;
                    case Boolean flag -> flag ? 1 : 0;
                    case Double real when real == Math.rint(real) && Math.abs(real) < 0x1p63 ->
                            real.longValue();
                    case BigDecimal exact -> whole(exact);
                    default -> throw unfit(value);
                };
        if (integer < least || integer > most) {
            throw unfit(value);
        }
        return integer;
    }

    private long whole(BigDecimal exact) {
        try {
            return exact.longValueExact();
        } catch (ArithmeticException _) {
            throw unfit(exact);
        }
    }

    private String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw unfit(value);
    }

    private ModelFailed unfit(Object value) {
        return new ModelFailed(
                "input " + port.name() + " takes " + port.type() + ", and is given " + value);
    }
}
