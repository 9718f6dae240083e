package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import leat.bench.ScoreBench;
import leat.console.inference.InferenceSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A slice of `leat bench score` of a few seconds. It fails where a prediction is lost, doubled or
/// another one than ONNX Runtime's; of a slice's times nothing follows.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class ScoreBenchIT {

    @Test
    void scoresInTheStreamAndAtTheDoors(@TempDir Path folder) {
        assertThat(
                        BenchSlice.figures(
                                folder,
                                bench ->
                                        ScoreBench.run(
                                                bench,
                                                BenchSlice.view("driving"),
                                                0,
                                                InferenceSettings.DEFAULT)))
                .containsOnlyKeys(
                        "score-embedded-vs-copy",
                        "score-embedded-vs-onnx",
                        "score-embedded-events-per-second",
                        "score-rest-requests-per-second",
                        "score-rest-p50-millis",
                        "score-rest-p99-millis",
                        "score-grpc-vs-onnx",
                        "score-grpc-requests-per-second",
                        "score-grpc-p50-millis",
                        "score-grpc-p99-millis",
                        "score-rpc-vs-embedded")
                .allSatisfy((_, value) -> assertThat(value).isPositive());
    }
}
