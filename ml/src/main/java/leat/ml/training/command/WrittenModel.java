package leat.ml.training.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.scoring.ElementType;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.OutputValue;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.ml.training.algorithm.ExportedModel;
import leat.ml.training.algorithm.Fitted;
import leat.ml.training.algorithm.Rows;
import leat.ml.training.algorithm.TrainingRefused;

/// A model in ONNX that a program has written, which is all that is known of it.
final class WrittenModel implements Fitted {

    private static final long MOST_BYTES = 256L << 20;
    private static final int TRIED_ROWS = 100;
    private static final int MOST_LINE_BYTES = 100;

    private static final String WRITE =
            "write the model in ONNX to the path that the variable "
                    + CommandEnvironment.MODEL
                    + " has";

    private final byte[] onnx;
    private final OutputValue score;
    private final List<String> features;
    private final Map<String, Double> export;

    private WrittenModel(
            byte[] onnx, OutputValue score, List<String> features, Map<String, Double> export) {
        this.onnx = onnx;
        this.score = score;
        this.features = List.copyOf(features);
        this.export = Map.copyOf(export);
    }

    /// Reads and checks what was written.
    ///
    /// @param rows that it has learned from
    /// @param scores the file in which the program may have said what its own model gives of each
    /// @throws TrainingRefused when it is no such model
    static WrittenModel read(Path file, OutputValue score, Rows rows, Path scores)
            throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new TrainingRefused("the command wrote no model", WRITE);
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new TrainingRefused(
                    "the command's model has "
                            + Files.size(file)
                            + " bytes, and may have "
                            + MOST_BYTES,
                    "learn a smaller one");
        }
        byte[] onnx = Files.readAllBytes(file);
        check(onnx, score, rows);
        WrittenModel model = new WrittenModel(onnx, score, rows.features(), Map.of());
        if (!Files.isRegularFile(scores)) {
            float[] _ = model.scores(rows.part(0, Math.min(TRIED_ROWS, rows.size())));
            return model;
        }
        if (Files.size(scores) > (long) MOST_LINE_BYTES * (rows.size() + 1)) {
            throw scores("has " + Files.size(scores) + " bytes for " + rows.size() + " rows");
        }
        return new WrittenModel(onnx, score, rows.features(), compare(scores, model.scores(rows)));
    }

    private static void check(byte[] onnx, OutputValue score, Rows rows) {
        try (ExportedModel model = ExportedModel.open(onnx, score)) {
            Signature signature = model.signature();
            if (signature.inputs().size() != 1 || !takes(signature.inputs().getFirst(), rows)) {
                throw new TrainingRefused(
                        "the command's model takes "
                                + ports(signature.inputs())
                                + ", where it is given FP32[?, "
                                + rows.width()
                                + "]: "
                                + String.join(", ", rows.features()),
                        "export it with one input of floats, any number of rows and a column for"
                                + " each feature in the order of the variable LEAT_FEATURES");
            }
            Optional<Port> output = signature.output(score.output());
            if (output.isEmpty() || !has(output.get(), score)) {
                throw new TrainingRefused(
                        "the command's model gives "
                                + ports(signature.outputs())
                                + ", of which "
                                + score
                                + " is to be the score",
                        "name the score of each row in algorithm.score, e.g. 'probabilities[1]'");
            }
        } catch (ModelFailed e) {
            throw new TrainingRefused(
                    "the command wrote no model that can be opened: " + e.getMessage(), WRITE);
        }
    }

    private static boolean takes(Port port, Rows rows) {
        return port.type() == ElementType.FP32
                && port.shape().rows() == Shape.FREE
                && port.shape().dimensions().size() == 2
                && (port.shape().rowSize() == Shape.FREE || port.shape().rowSize() == rows.width());
    }

    private static boolean has(Port port, OutputValue score) {
        long size = port.shape().rowSize();
        return port.type() != ElementType.BYTES && (size == Shape.FREE || score.index() < size);
    }

    private static String ports(List<Port> ports) {
        return ports.stream().map(Port::toString).collect(Collectors.joining(" and "));
    }

    /// How far the exported model's scores are from those of the model that the program has.
    private static Map<String, Double> compare(Path file, float[] exported) throws IOException {
        double largest = 0;
        int row = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (row < exported.length) {
                    double difference = Math.abs(number(line, row) - exported[row]);
                    if (!(difference <= largest)) {
                        largest = difference;
                    }
                }
                row++;
            }
        } catch (MalformedInputException _) {
            throw scores("is no text");
        }
        if (row != exported.length) {
            throw scores("has " + row + " lines for " + exported.length + " rows");
        }
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("export/rows", (double) row);
        metrics.put("export/largest_difference", largest);
        return metrics;
    }

    private static double number(String line, int row) {
        try {
            double number = Double.parseDouble(line.strip());
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException _) {
            // the refusal below says it
        }
        String shown = line.length() > 40 ? line.substring(0, 40) + " …" : line;
        throw scores("has '" + shown + "' in line " + (row + 1) + ", which is no number");
    }

    private static TrainingRefused scores(String what) {
        return new TrainingRefused(
                "the file " + CommandEnvironment.SCORES + " " + what,
                "write the score of each row of the data into a line, in their order, or no such"
                        + " file");
    }

    @Override
    public byte[] file() {
        return onnx.clone();
    }

    @Override
    public OutputValue score() {
        return score;
    }

    /// Nothing where the program has not said what its own model gives.
    @Override
    public Optional<Map<String, Double>> export() {
        return Optional.of(export);
    }

    @Override
    public float[] scores(Rows rows) {
        if (!features.equals(rows.features())) {
            throw new IllegalArgumentException(
                    "learned from " + features + ", and asked for " + rows.features());
        }
        try (ExportedModel model = ExportedModel.open(onnx, score)) {
            float[] scores = model.scores(rows);
            for (int row = 0; row < scores.length; row++) {
                if (!Float.isFinite(scores[row])) {
                    throw new TrainingRefused(
                            "the command's model gives "
                                    + scores[row]
                                    + " as the score of "
                                    + text(rows, row),
                            "see what it makes of such values"
                                    + (missing(rows, row) ? ", or write data.missing: skip" : ""));
                }
            }
            return scores;
        } catch (ModelFailed | ModelTooSlow e) {
            throw new TrainingRefused(
                    "the command's model cannot be asked: " + e.getMessage(),
                    "ask it by onnxruntime alone");
        }
    }

    private static boolean missing(Rows rows, int row) {
        for (int feature = 0; feature < rows.width(); feature++) {
            if (Float.isNaN(rows.value(row, feature))) {
                return true;
            }
        }
        return false;
    }

    private static String text(Rows rows, int row) {
        StringBuilder text = new StringBuilder("{");
        for (int feature = 0; feature < Math.min(rows.width(), 10); feature++) {
            text.append(feature > 0 ? ", " : "")
                    .append(rows.features().get(feature))
                    .append(": ")
                    .append(rows.value(row, feature));
        }
        return text.append(rows.width() > 10 ? ", …}" : "}").toString();
    }
}
