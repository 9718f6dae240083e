package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ClusteringTest {

    private static final List<String> FEATURES = List.of("a", "b");

    @Test
    void rowsOfAClusterAreNearAndOthersFar() {
        Random random = new Random(1);
        Rows.Builder rows = Rows.of(FEATURES);
        for (int i = 0; i < 900; i++) {
            rows.add(
                    (float) (i % 3 * 10 + 0.1 * random.nextGaussian()),
                    (float) (i % 3 * 7 % 5 + 0.1 * random.nextGaussian()));
        }

        Fitted fitted = Algorithms.of("k-means", Map.of("clusters", 3)).fit(rows.build(), 1);

        for (float distance : fitted.scores(rows.build())) {
            assertThat(distance).isLessThan(0.5f);
        }
        assertThat(fitted.scores(Rows.of(FEATURES).add(40, 9).build())[0]).isGreaterThan(2f);
    }

    @Test
    void moreClustersThanDifferentRowsAreRefused() {
        Rows rows = Rows.of(FEATURES).add(1, 1).add(1, 1).add(2, 2).build();

        assertThatThrownBy(() -> Algorithms.of("k-means", Map.of("clusters", 3)).fit(rows, 1))
                .isInstanceOf(TrainingRefused.class)
                .hasMessage("there are fewer than 3 different rows");
    }
}
