package leat.ml.training.algorithm;

/// A decision tree. The nodes have numbers, the root's is 0. A split sends a row left when the
/// feature is less than the node's value; a leaf, which has no left, gives its value.
final class Tree {

    static final int NONE = -1;

    private final int[] left;
    private final int[] right;
    private final int[] features;
    private final float[] values;
    private final boolean[] missingLeft;

    /// Takes the arrays over, each with an entry for each node.
    Tree(int[] left, int[] right, int[] features, float[] values, boolean[] missingLeft) {
        this.left = left;
        this.right = right;
        this.features = features;
        this.values = values;
        this.missingLeft = missingLeft;
    }

    int size() {
        return left.length;
    }

    boolean isLeaf(int node) {
        return left[node] == NONE;
    }

    int left(int node) {
        return left[node];
    }

    int right(int node) {
        return right[node];
    }

    int feature(int node) {
        return features[node];
    }

    float value(int node) {
        return values[node];
    }

    boolean missingLeft(int node) {
        return missingLeft[node];
    }

    /// The value of the leaf that a row comes to.
    float leaf(Rows rows, int row) {
        int node = 0;
        while (!isLeaf(node)) {
            float value = rows.value(row, features[node]);
            boolean goesLeft = Float.isNaN(value) ? missingLeft[node] : value < values[node];
            node = goesLeft ? left[node] : right[node];
        }
        return values[node];
    }
}
