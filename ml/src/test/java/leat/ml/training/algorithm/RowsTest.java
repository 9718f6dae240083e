package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowsTest {

    @Test
    void aPartIsAViewOfItsRows() {
        Rows.Builder builder = Rows.weighted(List.of("a", "b"));
        for (int i = 0; i < 5_000; i++) {
            builder.add(new float[] {i, -i}, i % 2, i / 2f);
        }

        Rows part = builder.build().part(1_000, 4_000).part(10, 20);

        assertThat(part.size()).isEqualTo(10);
        assertThat(part.value(0, 1)).isEqualTo(-1_010);
        assertThat(part.label(1)).isEqualTo(1);
        assertThat(part.weight(2)).isEqualTo(506);
        assertThat(part.values()).hasSize(20).startsWith(1_010, -1_010, 1_011);
        assertThatThrownBy(() -> part.value(10, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void whatCannotBeLearnedFromIsRefusedWithItsRow() {
        Rows.Builder rows = Rows.weighted(List.of("a")).add(new float[] {Float.NaN}, 1, 1);

        assertThatThrownBy(() -> rows.add(new float[] {Float.POSITIVE_INFINITY}, 1, 1))
                .isInstanceOf(TrainingRefused.class)
                .hasMessage("row 2: a is Infinity");
        assertThatThrownBy(() -> rows.add(new float[] {1}, Float.NaN, 1))
                .hasMessage("row 2: the label is NaN");
        assertThatThrownBy(() -> rows.add(new float[] {1}, 1, -1))
                .hasMessage("row 2: the weight is -1.0");
        assertThat(rows.build().size()).isEqualTo(1);
    }

    @Test
    void featuresAreNamedOnceAndAreNotTooMany() {
        assertThatThrownBy(() -> Rows.of(List.of("a", "a")))
                .hasMessage("a feature is there twice: [a, a]");
        assertThatThrownBy(() -> Rows.of(Collections.nCopies(1_001, "a")))
                .hasMessage("rows must have 1 to 1000 features, not 1001");
        assertThatThrownBy(() -> Rows.of(List.of())).isInstanceOf(TrainingRefused.class);
    }

    @Test
    void allRowsTogetherAreBounded() {
        int width = Rows.MOST_FEATURES;

        assertThat(Rows.of(Collections.nCopies(1, "a")).most()).isEqualTo(Rows.MOST_VALUES);
        assertThat((long) Rows.MOST_VALUES / width).isEqualTo(268_435);
    }
}
