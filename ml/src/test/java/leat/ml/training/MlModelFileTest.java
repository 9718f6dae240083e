package leat.ml.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import leat.ml.training.algorithm.Algorithms;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;
import org.junit.jupiter.api.Test;

final class MlModelFileTest {

    @Test
    void theFileSaysHowTheModelIsLoadedAndWhatItTakesAndGives() {
        Rows.Builder rows = Rows.labelled(List.of("load", "heat"));
        for (int i = 0; i < 20; i++) {
            rows.add(new float[] {i, 20 - i}, i < 10 ? 0 : 1);
        }
        Fitted model = Algorithms.of("logistic", Map.of()).fit(rows.build(), 1);

        byte[] file =
                MlModelFile.of(
                        model.file(),
                        model.score(),
                        List.of("load", "heat"),
                        "5f1c",
                        Instant.parse("2026-11-29T04:00:00.5Z"));

        assertThat(new String(file, UTF_8))
                .isEqualTo(
                        """
                        artifact_path: model
                        flavors:
                          onnx:
                            code: null
                            data: model.onnx
                            providers: [CPUExecutionProvider]
                          python_function:
                            data: model.onnx
                            loader_module: mlflow.onnx
                        metadata:
                          leat.features: ["load","heat"]
                          leat.score: "probabilities[1]"
                        run_id: "5f1c"
                        signature:
                          inputs: "[{\\"type\\":\\"tensor\\",\\"tensor-spec\\":{\\"dtype\\":\\"float32\\",\\"shape\\":[-1,2]}}]"
                          outputs: "[{\\"type\\":\\"tensor\\",\\"name\\":\\"label\\",\\"tensor-spec\\":{\\"dtype\\":\\"int64\\",\\"shape\\":[-1]}},{\\"type\\":\\"tensor\\",\\"name\\":\\"probabilities\\",\\"tensor-spec\\":{\\"dtype\\":\\"float32\\",\\"shape\\":[-1,2]}}]"
                        utc_time_created: "2026-11-29 04:00:00.500"
                        """);
    }
}
