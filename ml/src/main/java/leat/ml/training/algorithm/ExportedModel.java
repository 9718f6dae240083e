package leat.ml.training.algorithm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.ml.scoring.OnnxModel;

/// A model as it is served, asked for rows as they are learned from.
public final class ExportedModel implements AutoCloseable {

    private static final int BATCH = 1_000;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final OnnxModel model;
    private final OutputValue score;

    private ExportedModel(OnnxModel model, OutputValue score) {
        this.model = model;
        this.score = score;
    }

    /// Opens a model.
    ///
    /// @throws ModelFailed when it is none
    public static ExportedModel open(byte[] onnx, OutputValue score) {
        try {
            Path file = Files.createTempFile("leat-model", ".onnx");
            try {
                Files.write(file, onnx);
                return new ExportedModel(OnnxModel.open(file), score);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a model cannot be written to a temporary file", e);
        }
    }

    /// What the model takes and gives.
    public Signature signature() {
        return model.signature();
    }

    /// The score of each row.
    ///
    /// @throws ModelFailed when it takes something else, or gives no such score
    public float[] scores(Rows rows) {
        float[] scores = new float[rows.size()];
        for (int from = 0; from < scores.length; from += BATCH) {
            Rows part = rows.part(from, Math.min(scores.length, from + BATCH));
            Tensor found = run(part);
            int width = Math.toIntExact(found.shape().rowSize());
            if (found.shape().rows() != part.size() || score.index() >= width) {
                throw new ModelFailed(score + " is not among " + found.shape());
            }
            for (int row = 0; row < part.size(); row++) {
                scores[from + row] = number(found.value(row * width + score.index()));
            }
        }
        return scores;
    }

    private static float number(Object value) {
        return switch (value) {
            case Number number -> number.floatValue();
            case Boolean truth -> truth ? 1 : 0;
            default -> throw new ModelFailed("the score is no number");
        };
    }

    private Tensor run(Rows rows) {
        if (model.signature().inputs().size() != 1) {
            throw new ModelFailed("the model has not one input");
        }
        Map<String, Tensor> outputs =
                model.run(
                        Map.of(
                                model.signature().inputs().getFirst().name(),
                                new Tensor.Floats(
                                        Shape.of(rows.size(), rows.width()),
                                        FloatBuffer.wrap(rows.values()))),
                        PATIENCE);
        if (!outputs.containsKey(score.output())) {
            throw new ModelFailed("the model gives no " + score.output());
        }
        return Objects.requireNonNull(outputs.get(score.output()));
    }

    /// How long a row takes, of the best of some rounds of a batch, after one that counts for
    /// nothing.
    public double microsPerRow(Rows rows) {
        Rows batch = rows.part(0, Math.min(BATCH, rows.size()));
        Tensor _ = run(batch);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            Tensor _ = run(batch);
            best = Math.min(best, System.nanoTime() - begun);
        }
        return best / 1e3 / Math.max(1, batch.size());
    }

    @Override
    public void close() {
        model.close();
    }
}
