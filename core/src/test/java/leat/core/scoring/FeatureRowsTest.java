package leat.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FeatureRowsTest {

    private static final List<String> FEATURES = List.of("a", "n");
    private static final double[][] NUMBERS = {
        {0.1, 3}, {Double.NaN, -(1L << 53)}, {1e300, 16_777_217}
    };

    private static List<List<Object>> numberRows() {
        BitSet whole = new BitSet();
        whole.set(1);
        return List.of(
                new NumberRow(whole, NUMBERS[0]),
                new NumberRow(whole, NUMBERS[1]),
                new NumberRow(whole, NUMBERS[2]));
    }

    private static List<List<Object>> lists() {
        return List.of(
                List.of(0.1, 3L), List.of(Double.NaN, -(1L << 53)), List.of(1e300, 16_777_217L));
    }

    private static Signature takes(ElementType type, long columns) {
        return new Signature(
                List.of(new Port("x", type, Shape.of(Shape.FREE, columns))), List.of());
    }

    private static Map<String, Tensor> tensors(Signature signature, List<List<Object>> rows) {
        return FeatureRows.tensors(signature, FEATURES, rows);
    }

    @Test
    void rowsOfNumbersAreTheListsOfTheSame() {
        assertThat(numberRows()).isEqualTo(lists());
        assertThat(lists()).isEqualTo(numberRows());
    }

    @Test
    void rowsOfNumbersBecomeTheTensorsOfTheSameLists() {
        for (ElementType type : List.of(ElementType.FP32, ElementType.FP64)) {
            assertThat(tensors(takes(type, 2), numberRows()))
                    .as(type.name())
                    .isEqualTo(tensors(takes(type, 2), lists()));
        }
        Signature two =
                new Signature(
                        List.of(
                                new Port("n", ElementType.INT64, Shape.of(Shape.FREE, 1)),
                                new Port("a", ElementType.FP32, Shape.of(Shape.FREE, 1))),
                        List.of());
        assertThat(tensors(two, numberRows())).isEqualTo(tensors(two, lists()));
    }

    @Test
    void rowsOfNumbersAreRefusedInTheSameWords() {
        for (Signature signature :
                List.of(
                        takes(ElementType.INT64, 2),
                        takes(ElementType.BYTES, 2),
                        takes(ElementType.FP32, 3))) {
            String words = "";
            try {
                tensors(signature, lists());
            } catch (ModelFailed e) {
                words = String.valueOf(e.getMessage());
            }
            assertThat(words).isNotEmpty();
            assertThatThrownBy(() -> tensors(signature, numberRows()))
                    .isInstanceOf(ModelFailed.class)
                    .hasMessage(words);
        }
    }
}
