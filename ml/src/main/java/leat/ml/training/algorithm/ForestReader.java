package leat.ml.training.algorithm;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the trees of a model that XGBoost wrote as JSON; its schema is on
/// <https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html>.
final class ForestReader {

    private ForestReader() {}

    static Forest read(byte[] json, List<String> features, Task task) {
        JsonNode learner = JsonMapper.shared().readTree(json).required("learner");
        List<Tree> trees = new ArrayList<>();
        for (JsonNode tree :
                learner.required("gradient_booster").required("model").required("trees")) {
            trees.add(tree(tree));
        }
        return new Forest(features, task, trees, base(learner, task));
    }

    /// What all rows begin with. XGBoost writes a number, newer versions in brackets, and of
    /// classes the probability.
    private static float base(JsonNode learner, Task task) {
        String text =
                learner.required("learner_model_param")
                        .required("base_score")
                        .asString()
                        .replaceAll("[\\[\\]]", "");
        double base = Double.parseDouble(text);
        return (float) (task == Task.CLASSIFICATION ? -StrictMath.log(1 / base - 1) : base);
    }

    private static Tree tree(JsonNode tree) {
        int[] left = integers(tree.required("left_children"));
        JsonNode missing = tree.required("default_left");
        JsonNode conditions = tree.required("split_conditions");
        float[] values = new float[left.length];
        boolean[] missingLeft = new boolean[left.length];
        for (int i = 0; i < left.length; i++) {
            values[i] = Float.parseFloat(conditions.required(i).asString());
            missingLeft[i] = missing.required(i).asInt() != 0;
        }
        return new Tree(
                left,
                integers(tree.required("right_children")),
                integers(tree.required("split_indices")),
                values,
                missingLeft);
    }

    private static int[] integers(JsonNode array) {
        int[] integers = new int[array.size()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = array.required(i).intValue();
        }
        return integers;
    }
}
