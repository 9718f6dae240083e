package leat.core.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

final class ContributionsTest {

    private static final List<Object> ROW = List.of(3.0, 2.0, 5.0);

    private static Contributions.Model model(ToDoubleFunction<List<Double>> formula) {
        return rows ->
                rows.stream()
                        .map(row ->
                                formula.applyAsDouble(
                                        row.stream().map(value -> (Double) value).toList()))
                        .toList();
    }

    /// Rows whose mean is 0.
    private static List<List<Object>> others(int pairs) {
        Random random = new Random(1);
        List<List<Object>> others = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            double first = random.nextGaussian();
            double second = random.nextGaussian();
            double third = random.nextGaussian();
            others.add(List.of(first, second, third));
            others.add(List.of(-first, -second, -third));
        }
        return others;
    }

    @Test
    void inASumEachFeatureAddsItsDistanceFromTheMean() {
        Contributions found =
                Contributions.of(
                        ROW, others(20), model(row -> 10 + 2 * row.get(0) - 4 * row.get(1)));

        assertThat(found.expected()).isCloseTo(10, within(1e-9));
        assertThat(found.values().get(0)).isCloseTo(6, within(1e-9));
        assertThat(found.values().get(1)).isCloseTo(-8, within(1e-9));
        assertThat(found.values().get(2)).isZero();
    }

    /// By hand: compared with (0, 0, 0) both factors must be there, so each has one half.
    @Test
    void factorsShareTheirProduct() {
        Contributions found =
                Contributions.of(
                        ROW,
                        List.of(List.of(0.0, 0.0, 0.0)),
                        model(row -> row.get(0) * row.get(1)));

        assertThat(found.expected()).isZero();
        assertThat(found.values()).containsExactly(3.0, 3.0, 0.0);
    }

    @Test
    void togetherTheyAreTheWholeDifference() {
        Contributions.Model model =
                model(row -> Math.sin(row.get(0)) * row.get(1) + Math.exp(row.get(2) / 5));

        Contributions found = Contributions.of(ROW, others(50), model);

        double whole = found.values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(found.expected() + whole)
                .isCloseTo(model.answers(List.of(ROW)).getFirst(), within(1e-9));
        assertThat(Contributions.of(ROW, others(50), model)).isEqualTo(found);
    }

    @Test
    void thereMustBeARowToCompareWith() {
        assertThatThrownBy(() -> Contributions.of(ROW, List.of(), model(_ -> 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
