import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Learns a logistic regression by gradient descent.
final class Train {

    private Train() {}

    public static void main(String[] args) throws IOException {
        JsonNode parameters = JsonMapper.shared().readTree(System.getenv("LEAT_PARAMETERS"));
        List<double[]> rows = rows(Path.of(System.getenv("LEAT_DATA")));
        double[] weights = new double[rows.getFirst().length];
        for (int round = 0; round < parameters.path("rounds").asInt(); round++) {
            descend(weights, rows, parameters.path("rate").asDouble());
        }
        Files.write(Path.of(System.getenv("LEAT_MODEL")), Onnx.logistic(weights));
        List<String> scores =
                rows.stream().map(row -> Double.toString(score(weights, row))).toList();
        Files.write(Path.of(System.getenv("LEAT_SCORES")), scores);
        scores.forEach(System.out::println);
    }

    /// The features of each row, and behind them its label.
    private static List<double[]> rows(Path csv) throws IOException {
        List<double[]> rows = new ArrayList<>();
        List<String> lines = Files.readAllLines(csv);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            double[] row = new double[cells.length - 1];
            for (int column = 0; column < row.length; column++) {
                row[column] = Double.parseDouble(cells[column + 1]);
            }
            rows.add(row);
        }
        return rows;
    }

    /// @param weights of the features, and behind them the constant
    private static void descend(double[] weights, List<double[]> rows, double rate) {
        double[] gradient = new double[weights.length];
        int features = weights.length - 1;
        for (double[] row : rows) {
            double error = score(weights, row) - row[features];
            for (int feature = 0; feature < features; feature++) {
                gradient[feature] += error * row[feature];
            }
            gradient[features] += error;
        }
        for (int weight = 0; weight < weights.length; weight++) {
            weights[weight] -= rate * gradient[weight] / rows.size();
        }
    }

    private static double score(double[] weights, double[] row) {
        double sum = weights[weights.length - 1];
        for (int feature = 0; feature < weights.length - 1; feature++) {
            sum += weights[feature] * row[feature];
        }
        return 1 / (1 + Math.exp(-sum));
    }
}
