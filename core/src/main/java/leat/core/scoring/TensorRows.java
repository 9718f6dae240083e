package leat.core.scoring;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// The rows of tensors, put together, cut apart and laid out with gaps. Values are copied bit by
/// bit.
public final class TensorRows {

    private final List<Piece> pieces;

    private TensorRows(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /// Values that follow each other.
    ///
    /// @param from the place of the first one in its tensor
    /// @param to its place where it is copied to
    private record Piece(Tensor tensor, int from, int length, int to) {}

    /// The rows of all, in their order.
    ///
    /// @param parts at least one; of one type, and alike but for the number of their rows
    public static Tensor joined(List<Tensor> parts) {
        Tensor first = parts.getFirst();
        List<Piece> pieces = new ArrayList<>(parts.size());
        long rows = 0;
        int to = 0;
        for (Tensor part : parts) {
            if (part.type() != first.type()
                    || !part.shape().rowDimensions().equals(first.shape().rowDimensions())) {
                throw new IllegalArgumentException(
                        part.type() + "" + part.shape() + " beside " + first.shape());
            }
            int size = part.shape().size();
            pieces.add(new Piece(part, 0, size, to));
            to += size;
            rows += part.shape().rows();
        }
        return new TensorRows(pieces).copy(first.type(), first.shape().withRows(rows));
    }

    /// Some rows that follow each other.
    ///
    /// @param from the first one
    /// @param to the first one behind them
    public static Tensor cut(Tensor tensor, int from, int to) {
        int size = Math.toIntExact(tensor.shape().rowSize());
        return new TensorRows(List.of(new Piece(tensor, from * size, (to - from) * size, 0)))
                .copy(tensor.type(), tensor.shape().withRows(to - from));
    }

    /// The rows at other places, with gaps between them: NaN, 0, false or an empty text.
    ///
    /// @param places of the rows, as many as there are
    /// @param count of all rows then
    public static Tensor spread(Tensor tensor, BitSet places, int count) {
        int size = Math.toIntExact(tensor.shape().rowSize());
        List<Piece> pieces = new ArrayList<>();
        int row = 0;
        for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
            pieces.add(new Piece(tensor, row * size, size, place * size));
            row++;
        }
        return new TensorRows(pieces).copy(tensor.type(), tensor.shape().withRows(count));
    }

    /// Gaps alone.
    public static Tensor gaps(ElementType type, Shape shape) {
        return new TensorRows(List.of()).copy(type, shape);
    }

    private Tensor copy(ElementType type, Shape shape) {
        int size = shape.size();
        return switch (type) {
            case FP32 -> new Tensor.Floats(shape, floats(size));
            case FP64 -> new Tensor.Doubles(shape, doubles(size));
            case INT64 -> new Tensor.Longs(shape, longs(size));
            case INT32 -> new Tensor.Ints(shape, ints(size));
            case INT16 -> new Tensor.Shorts(shape, shorts(size));
            case INT8, UINT8, BOOL -> new Tensor.Bytes(type, shape, bytes(size));
            case BYTES -> new Tensor.Texts(shape, texts(size));
        };
    }

    private FloatBuffer floats(int size) {
        float[] to = new float[size];
        Arrays.fill(to, Float.NaN);
        for (Piece piece : pieces) {
            ((Tensor.Floats) piece.tensor).values().get(piece.from, to, piece.to, piece.length);
        }
        return FloatBuffer.wrap(to);
    }

    private DoubleBuffer doubles(int size) {
        double[] to = new double[size];
        Arrays.fill(to, Double.NaN);
        for (Piece piece : pieces) {
            ((Tensor.Doubles) piece.tensor).values().get(piece.from, to, piece.to, piece.length);
        }
        return DoubleBuffer.wrap(to);
    }

    private LongBuffer longs(int size) {
        long[] to = new long[size];
        for (Piece piece : pieces) {
            ((Tensor.Longs) piece.tensor).values().get(piece.from, to, piece.to, piece.length);
        }
        return LongBuffer.wrap(to);
    }

    private IntBuffer ints(int size) {
        int[] to = new int[size];
        for (Piece piece : pieces) {
            ((Tensor.Ints) piece.tensor).values().get(piece.from, to, piece.to, piece.length);
        }
        return IntBuffer.wrap(to);
    }

    private ShortBuffer shorts(int size) {
        short[] to = new short[size];
        for (Piece piece : pieces) {
            ((Tensor.Shorts) piece.tensor).values().get(piece.from, to, piece.to, piece.length);
        }
        return ShortBuffer.wrap(to);
    }

    private ByteBuffer bytes(int size) {
        byte[] to = new byte[size];
        for (Piece piece : pieces) {
            ((Tensor.Bytes) piece.tensor).values().get(piece.from, to, piece.to, piece.length);
        }
        return ByteBuffer.wrap(to);
    }

    private List<String> texts(int size) {
        String[] to = new String[size];
        Arrays.fill(to, "");
        for (Piece piece : pieces) {
            List<String> from = ((Tensor.Texts) piece.tensor).values();
            for (int i = 0; i < piece.length; i++) {
                to[piece.to + i] = from.get(piece.from + i);
            }
        }
        return List.of(to);
    }
}
