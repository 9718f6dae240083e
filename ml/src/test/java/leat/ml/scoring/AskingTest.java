package leat.ml.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import leat.core.model.ModelReference;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Port;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import org.junit.jupiter.api.Test;

final class AskingTest {

    /// Gives back what it is given, but for 13, which fails.
    private static final class Echo implements VersionedModel {
        private final long rows;
        private final int fastRows;
        private final List<Integer> runs = new ArrayList<>();

        /// @param rows that it takes
        /// @param fastRows more of them take too long
        Echo(long rows, int fastRows) {
            this.rows = rows;
            this.fastRows = fastRows;
        }

        @Override
        public Signature signature() {
            Port port = new Port("x", ElementType.FP32, Shape.of(rows, 1));
            return new Signature(List.of(port), List.of(port));
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
            Tensor.Floats given = (Tensor.Floats) Objects.requireNonNull(inputs.get("x"));
            int count = given.values().limit();
            runs.add(count);
            if (count > fastRows) {
                throw new ModelTooSlow(patience.toMillis());
            }
            FloatBuffer values = given.values();
            for (int i = 0; i < count; i++) {
                if (values.get(i) == 13) {
                    throw new ModelFailed("13");
                }
            }
            return Map.of("x", given);
        }

        @Override
        public String version() {
            return "echo/1";
        }
    }

    private static List<String> said(List<Predicted> all) {
        return all.stream()
                .map(one ->
                        switch (one) {
                            case Predicted.Values values -> values.values().toString();
                            case Predicted.Failed failed -> failed.why();
                        })
                .toList();
    }

    private static PredictionRequest request(int rows) {
        return new PredictionRequest(
                ModelReference.parse("echo/1"),
                List.of("x"),
                IntStream.range(0, rows).<List<Object>>mapToObj(i -> List.of((long) i)).toList(),
                List.of(new OutputValue("x", 0)),
                Duration.ofMillis(7));
    }

    private static List<String> expected(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(i -> i == 13 ? "13" : "[" + (double) i + "]")
                .toList();
    }

    @Test
    void rowsAreAskedInRunsOfALimitedSizeAndTheOneToBlameFailsAlone() {
        Echo model = new Echo(Shape.FREE, Integer.MAX_VALUE);

        assertThat(said(Asking.inParts(model, request(2_500)))).isEqualTo(expected(2_500));

        assertThat(model.runs.getFirst()).isEqualTo(1_000);
        assertThat(model.runs).endsWith(1_000, 500);
    }

    @Test
    void aModelForOneRowIsAskedRowByRow() {
        Echo model = new Echo(1, Integer.MAX_VALUE);

        assertThat(said(Asking.atOnce(model, request(20)))).isEqualTo(expected(20));

        assertThat(model.runs).hasSize(20).containsOnly(1);
    }

    @Test
    void aRunThatTakesTooLongIsTriedWithFewerRows() {
        Echo model = new Echo(Shape.FREE, 20);

        assertThat(said(Asking.inParts(model, request(100)))).isEqualTo(expected(100));

        assertThat(model.runs.subList(0, 3)).containsExactly(100, 12, 12);
    }

    @Test
    void aModelThatIsTooSlowForSingleRowsFailsTheRestSoon() {
        Echo model = new Echo(Shape.FREE, 0);

        assertThat(said(Asking.inParts(model, request(500))))
                .hasSize(500)
                .containsOnly("the model took longer than 7 ms");

        assertThat(model.runs).containsExactly(500, 62, 7, 1, 1, 1);
    }
}
