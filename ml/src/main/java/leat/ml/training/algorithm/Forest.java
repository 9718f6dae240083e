package leat.ml.training.algorithm;

import java.util.List;
import leat.core.scoring.OutputValue;
import leat.ml.training.onnx.OnnxGraph;
import leat.ml.training.onnx.OnnxType;

/// Trees whose leaves add up: to log-odds of a class, or to a number.
final class Forest implements Fitted {

    private static final OutputValue NUMBER = OutputValue.parse("value");

    private final List<String> features;
    private final Task task;
    private final List<Tree> trees;
    private final float base;

    /// A forest.
    ///
    /// @param base what each row begins with
    Forest(List<String> features, Task task, List<Tree> trees, float base) {
        this.features = features;
        this.task = task;
        this.trees = List.copyOf(trees);
        this.base = base;
    }

    @Override
    public OutputValue score() {
        return task == Task.CLASSIFICATION ? ModelGraph.PROBABILITY : NUMBER;
    }

    @Override
    public float[] scores(Rows rows) {
        ModelGraph.checkSame(features, rows);
        float[] scores = new float[rows.size()];
        for (int i = 0; i < scores.length; i++) {
            float sum = base;
            for (Tree tree : trees) {
                sum += tree.leaf(rows, i);
            }
            scores[i] = task == Task.CLASSIFICATION ? ModelGraph.probability(sum) : sum;
        }
        return scores;
    }

    @Override
    public byte[] file() {
        OnnxGraph graph = ModelGraph.of("xgboost", features);
        String sum =
                graph.mlNode(
                        "TreeEnsembleRegressor",
                        "sum",
                        List.of(ModelGraph.FEATURES),
                        TreeAttributes.of(trees, base));
        if (task == Task.CLASSIFICATION) {
            return ModelGraph.classes(graph, sum);
        }
        graph.node("Squeeze", "value", List.of(sum, ModelGraph.secondAxis(graph)));
        graph.output("value", OnnxType.FLOAT, OnnxGraph.ROWS);
        return graph.bytes();
    }
}
