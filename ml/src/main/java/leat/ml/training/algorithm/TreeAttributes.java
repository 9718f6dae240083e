package leat.ml.training.algorithm;

import java.util.ArrayList;
import java.util.List;
import leat.ml.training.onnx.OnnxAttribute;

/// Trees as the attributes of `TreeEnsembleRegressor`, see
/// <https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html>: a value of each list
/// for each node, and of the lists of targets for each leaf.
final class TreeAttributes {

    private final long[] trees;
    private final long[] nodes;
    private final long[] features;
    private final float[] values;
    private final long[] whenLess;
    private final long[] otherwise;
    private final long[] missingLess;
    private final List<String> modes = new ArrayList<>();
    private final long[] leafTrees;
    private final long[] leafNodes;
    private final float[] leafValues;
    private int leaves;

    private TreeAttributes(int size, int leafCount) {
        trees = new long[size];
        nodes = new long[size];
        features = new long[size];
        values = new float[size];
        whenLess = new long[size];
        otherwise = new long[size];
        missingLess = new long[size];
        leafTrees = new long[leafCount];
        leafNodes = new long[leafCount];
        leafValues = new float[leafCount];
    }

    /// The attributes of an operator that gives the sum of the leaves.
    ///
    /// @param base what the sum begins with
    static List<OnnxAttribute> of(List<Tree> forest, float base) {
        int size = forest.stream().mapToInt(Tree::size).sum();
        // A tree in which each node has two children or none has a leaf more than splits.
        TreeAttributes attributes = new TreeAttributes(size, (size + forest.size()) / 2);
        for (int i = 0; i < forest.size(); i++) {
            Tree tree = forest.get(i);
            for (int node = 0; node < tree.size(); node++) {
                attributes.add(i, tree, node);
            }
        }
        return attributes.list(base);
    }

    private void add(int number, Tree tree, int node) {
        int at = modes.size();
        trees[at] = number;
        nodes[at] = node;
        if (tree.isLeaf(node)) {
            modes.add("LEAF");
            leafTrees[leaves] = number;
            leafNodes[leaves] = node;
            leafValues[leaves] = tree.value(node);
            leaves++;
            return;
        }
        modes.add("BRANCH_LT");
        features[at] = tree.feature(node);
        values[at] = tree.value(node);
        whenLess[at] = tree.left(node);
        otherwise[at] = tree.right(node);
        missingLess[at] = tree.missingLeft(node) ? 1 : 0;
    }

    private List<OnnxAttribute> list(float base) {
        return List.of(
                OnnxAttribute.whole("n_targets", 1),
                OnnxAttribute.text("aggregate_function", "SUM"),
                OnnxAttribute.text("post_transform", "NONE"),
                OnnxAttribute.decimals("base_values", new float[] {base}),
                OnnxAttribute.wholes("nodes_treeids", trees),
                OnnxAttribute.wholes("nodes_nodeids", nodes),
                OnnxAttribute.wholes("nodes_featureids", features),
                OnnxAttribute.texts("nodes_modes", modes),
                OnnxAttribute.decimals("nodes_values", values),
                OnnxAttribute.wholes("nodes_truenodeids", whenLess),
                OnnxAttribute.wholes("nodes_falsenodeids", otherwise),
                OnnxAttribute.wholes("nodes_missing_value_tracks_true", missingLess),
                OnnxAttribute.wholes("target_treeids", leafTrees),
                OnnxAttribute.wholes("target_nodeids", leafNodes),
                OnnxAttribute.wholes("target_ids", new long[leafTrees.length]),
                OnnxAttribute.decimals("target_weights", leafValues));
    }
}
