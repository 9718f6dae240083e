package leat.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class TensorRowsTest {

    private static Tensor pairs(ElementType type, int... values) {
        Shape shape = Shape.of(values.length / 2, 2);
        List<Object> all =
                IntStream.of(values)
                        .mapToObj(value ->
                                type == ElementType.BYTES ? "t" + value : (Object) (long) value)
                        .toList();
        return TensorValues.tensor(new Port("x", type, shape), shape, all);
    }

    private static List<Object> values(Tensor tensor) {
        return IntStream.range(0, tensor.shape().size()).mapToObj(tensor::value).toList();
    }

    @ParameterizedTest
    @EnumSource
    void rowsOfEveryTypeAreJoinedCutAndSpread(ElementType type) {
        Tensor first = pairs(type, 1, 0);
        Tensor second = pairs(type, 0, 1, 1, 1);

        Tensor joined = TensorRows.joined(List.of(first, second));
        BitSet places = new BitSet();
        places.set(1);
        places.set(3);
        Tensor spread = TensorRows.spread(second, places, 5);

        assertThat(joined.type()).isEqualTo(type);
        assertThat(joined.shape()).isEqualTo(Shape.of(3, 2));
        assertThat(values(TensorRows.cut(joined, 0, 1))).isEqualTo(values(first));
        assertThat(values(TensorRows.cut(joined, 1, 3))).isEqualTo(values(second));
        assertThat(TensorRows.cut(joined, 1, 1).shape()).isEqualTo(Shape.of(0, 2));
        assertThat(spread.shape()).isEqualTo(Shape.of(5, 2));
        assertThat(values(TensorRows.cut(spread, 1, 2)))
                .isEqualTo(values(TensorRows.cut(second, 0, 1)));
        assertThat(values(TensorRows.cut(spread, 3, 4)))
                .isEqualTo(values(TensorRows.cut(second, 1, 2)));
        Object gap =
                switch (type) {
                    case FP32, FP64 -> Double.NaN;
                    case BOOL -> false;
                    case BYTES -> "";
                    case INT8, INT16, INT32, INT64, UINT8 -> 0L;
                };
        for (int row : new int[] {0, 2, 4}) {
            assertThat(values(TensorRows.cut(spread, row, row + 1))).containsExactly(gap, gap);
        }
        assertThat(values(TensorRows.gaps(type, Shape.of(1)))).containsExactly(gap);
    }

    @Test
    void bitsStayAsTheyAre() {
        int bits = 0x7fc0_1234;
        Tensor odd =
                new Tensor.Floats(
                        Shape.of(2),
                        FloatBuffer.wrap(new float[] {-0.0f, Float.intBitsToFloat(bits)}));

        Tensor.Floats cut =
                (Tensor.Floats) TensorRows.cut(TensorRows.joined(List.of(odd, odd)), 2, 4);

        assertThat(Float.floatToRawIntBits(cut.values().get(0)))
                .isEqualTo(Float.floatToRawIntBits(-0.0f));
        assertThat(Float.floatToRawIntBits(cut.values().get(1))).isEqualTo(bits);
    }

    @Test
    void rowsThatDifferAreNotJoined() {
        Tensor pair = pairs(ElementType.FP32, 1, 2);

        assertThatThrownBy(() -> TensorRows.joined(List.of(pair, pairs(ElementType.FP64, 1, 2))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        TensorRows.joined(
                                List.of(
                                        pair,
                                        new Tensor.Floats(
                                                Shape.of(1, 1),
                                                FloatBuffer.wrap(new float[] {1})))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
