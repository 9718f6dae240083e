package leat.core.scoring;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/// Values of one type in a shape, row by row. The buffers are not copied, hold the values between
/// position 0 and their limit, and belong to whoever gets the tensor.
public sealed interface Tensor {

    Shape shape();

    ElementType type();

    /// The value at a place counted row by row, as [Boolean], [Long], [Double] or [String].
    Object value(int index);

    /// `FP32`.
    record Floats(Shape shape, FloatBuffer values) implements Tensor {
        public Floats {
            check(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.FP32;
        }

        /// The double that reads the same: 0.1 stays 0.1.
        @Override
        public Object value(int index) {
            float value = values.get(index);
            return Float.isFinite(value) ? Double.parseDouble(Float.toString(value)) : value;
        }
    }

    /// `FP64`.
    record Doubles(Shape shape, DoubleBuffer values) implements Tensor {
        public Doubles {
            check(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.FP64;
        }

        @Override
        public Object value(int index) {
            return values.get(index);
        }
    }

    /// `INT64`.
    record Longs(Shape shape, LongBuffer values) implements Tensor {
        public Longs {
            check(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.INT64;
        }

        @Override
        public Object value(int index) {
            return values.get(index);
        }
    }

    /// `INT32`.
    record Ints(Shape shape, IntBuffer values) implements Tensor {
        public Ints {
            check(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.INT32;
        }

        @Override
        public Object value(int index) {
            return (long) values.get(index);
        }
    }

    /// `INT16`.
    record Shorts(Shape shape, ShortBuffer values) implements Tensor {
        public Shorts {
            check(shape, values);
        }

        @Override
        public ElementType type() {
            return ElementType.INT16;
        }

        @Override
        public Object value(int index) {
            return (long) values.get(index);
        }
    }

    /// `INT8`, `UINT8` or `BOOL`, a byte each.
    record Bytes(ElementType type, Shape shape, ByteBuffer values) implements Tensor {
        public Bytes {
            check(shape, values);
        }

        @Override
        public Object value(int index) {
            byte value = values.get(index);
            return switch (type) {
                case BOOL -> value != 0;
                case UINT8 -> (long) Byte.toUnsignedInt(value);
                case INT8, INT16, INT32, INT64, FP32, FP64, BYTES -> (long) value;
            };
        }
    }

    /// `BYTES`.
    record Texts(Shape shape, List<String> values) implements Tensor {
        public Texts {
            values = List.copyOf(values);
            check(shape, values.size());
        }

        @Override
        public ElementType type() {
            return ElementType.BYTES;
        }

        @Override
        public Object value(int index) {
            return values.get(index);
        }
    }

    private static void check(Shape shape, Buffer values) {
        check(shape, values.limit());
    }

    private static void check(Shape shape, int size) {
        if (shape.size() != size) {
            throw new IllegalArgumentException(size + " values for a tensor of " + shape);
        }
    }
}
