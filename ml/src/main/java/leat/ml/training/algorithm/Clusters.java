package leat.ml.training.algorithm;

import java.util.List;
import leat.core.scoring.OutputValue;
import leat.ml.training.onnx.OnnxAttribute;
import leat.ml.training.onnx.OnnxGraph;
import leat.ml.training.onnx.OnnxType;

/// Centres of clusters among scaled features.
final class Clusters implements Fitted {

    private static final OutputValue DISTANCE = OutputValue.parse("distance");

    private final List<String> features;
    private final Scaling scaling;

    /// One centre after the other.
    private final float[] centres;

    Clusters(List<String> features, Scaling scaling, float[] centres) {
        this.features = features;
        this.scaling = scaling;
        this.centres = centres;
    }

    Scaling scaling() {
        return scaling;
    }

    /// One centre after the other, in scaled features; a new array.
    float[] centres() {
        return centres.clone();
    }

    /// How many rows that count belong to each centre.
    long[] counts(Rows rows) {
        double[][] points = points();
        double[] row = new double[features.size()];
        long[] counts = new long[points.length];
        for (int i = 0; i < rows.size(); i++) {
            if (rows.weight(i) > 0) {
                scaling.row(rows, i, row);
                counts[nearest(row, points)]++;
            }
        }
        return counts;
    }

    /// The square of the distance of two points.
    static double square(double[] one, double[] other) {
        double sum = 0;
        for (int j = 0; j < one.length; j++) {
            double away = one[j] - other[j];
            sum += away * away;
        }
        return sum;
    }

    /// Which centre is nearest, the first of several.
    static int nearest(double[] point, double[][] centres) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < centres.length; k++) {
            double square = square(point, centres[k]);
            if (square < least) {
                least = square;
                nearest = k;
            }
        }
        return nearest;
    }

    @Override
    public OutputValue score() {
        return DISTANCE;
    }

    @Override
    public float[] scores(Rows rows) {
        ModelGraph.checkSame(features, rows);
        double[][] points = points();
        double[] row = new double[features.size()];
        float[] scores = new float[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            scaling.row(rows, i, row);
            scores[i] = (float) Math.sqrt(square(row, points[nearest(row, points)]));
        }
        return scores;
    }

    private double[][] points() {
        int width = features.size();
        double[][] points = new double[centres.length / width][width];
        for (int i = 0; i < centres.length; i++) {
            points[i / width][i % width] = centres[i];
        }
        return points;
    }

    /// Who is nearest is found by half the square of the centre less the product with it, which
    /// needs no table of rows, centres and features; the distance then anew, since that would lose
    /// digits.
    @Override
    public byte[] file() {
        int width = features.size();
        int count = centres.length / width;
        OnnxGraph graph = ModelGraph.of("k-means", features);
        String scaled = scaling.nodes(graph);
        String points = graph.constant("centres", centres, count, width);
        String halves = graph.constant("halves", halves(count), count);
        String near =
                graph.node(
                        "Gemm",
                        "nearness",
                        List.of(scaled, points, halves),
                        OnnxAttribute.whole("transB", 1),
                        OnnxAttribute.decimal("alpha", -1));
        String cluster =
                graph.node(
                        "ArgMin",
                        "cluster",
                        List.of(near),
                        OnnxAttribute.whole("axis", 1),
                        OnnxAttribute.whole("keepdims", 0));
        String centre = graph.node("Gather", "centre", List.of(points, cluster));
        String away = graph.node("Sub", "away", List.of(scaled, centre));
        String squares = graph.node("Mul", "squares", List.of(away, away));
        String square =
                graph.node(
                        "ReduceSum",
                        "square",
                        List.of(squares, ModelGraph.secondAxis(graph)),
                        OnnxAttribute.whole("keepdims", 0));
        graph.node("Sqrt", "distance", List.of(square));
        graph.output("cluster", OnnxType.INT64, OnnxGraph.ROWS);
        graph.output("distance", OnnxType.FLOAT, OnnxGraph.ROWS);
        return graph.bytes();
    }

    private float[] halves(int count) {
        int width = centres.length / count;
        double[] origin = new double[width];
        double[][] points = points();
        float[] halves = new float[count];
        for (int k = 0; k < count; k++) {
            halves[k] = (float) (square(points[k], origin) / 2);
        }
        return halves;
    }
}
