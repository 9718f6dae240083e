package leat.ml.training.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AlgorithmsTest {

    @Test
    void anUnknownAlgorithmIsRefusedWithTheNearest() {
        assertThatThrownBy(() -> Algorithms.of("kmeanz", Map.of()))
                .isInstanceOf(AlgorithmRefused.class)
                .hasMessage("there is no algorithm 'kmeanz': write 'k-means' if that was meant");
        assertThatThrownBy(() -> Algorithms.of("magic", Map.of()))
                .hasMessageContaining("use one of xgboost, logistic, autoencoder, k-means");
    }

    @Test
    void allThatIsWrongWithParametersIsSaid() {
        AlgorithmRefused refused =
                catchThrowableOfType(
                        AlgorithmRefused.class,
                        () ->
                                Algorithms.of(
                                        "xgboost",
                                        Map.of(
                                                "max-dept",
                                                3,
                                                "rounds",
                                                0,
                                                "learning-rate",
                                                "much",
                                                "positive-weight",
                                                Double.NaN,
                                                "tree-method",
                                                "approx",
                                                "threads",
                                                1.5)));

        assertThat(refused.problems())
                .extracting(AlgorithmRefused.Problem::message)
                .containsExactlyInAnyOrder(
                        "xgboost has no parameter 'max-dept': write 'max-depth' if that was meant",
                        "rounds must be an integer from 1 to 2000, not 0",
                        "learning-rate must be a number from 0.001 to 1, not much",
                        "positive-weight must be a number from 0.001 to 1000000 or balanced,"
                                + " not NaN",
                        "tree-method must be exact or hist, not approx",
                        "threads must be an integer from 1 to 64, not 1.5");
        assertThat(refused.problems())
                .extracting(AlgorithmRefused.Problem::parameter)
                .contains(Optional.of("max-dept"), Optional.of("rounds"));
    }

    @Test
    void parametersAreTheDefaultsAndWhatIsSet() {
        assertThat(Algorithms.of("logistic", Map.of("l2", 2)).parameters())
                .isEqualTo(Map.of("l2", "2.0", "positive-weight", "1.0"));
        for (AlgorithmKind kind : Algorithms.all()) {
            Algorithm algorithm = Algorithms.of(kind.name(), Map.of());
            assertThat(algorithm.name()).isEqualTo(kind.name());
            assertThat(algorithm.parameters()).hasSameSizeAs(kind.parameters());
        }
    }
}
