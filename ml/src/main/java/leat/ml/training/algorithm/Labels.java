package leat.ml.training.algorithm;

/// Checks what rows must have to be learned from, and sums up what they weigh.
final class Labels {

    private Labels() {}

    /// What rows weigh together.
    ///
    /// @throws TrainingRefused when none counts
    static double weight(Rows rows) {
        double weight = 0;
        for (int i = 0; i < rows.size(); i++) {
            weight += rows.weight(i);
        }
        if (weight == 0) {
            throw new TrainingRefused(
                    rows.size() == 0 ? "there are no rows" : "all rows weigh nothing",
                    "take a longer time");
        }
        return weight;
    }

    /// Checks that there are numbers to learn.
    ///
    /// @throws TrainingRefused when there are none
    static void check(Rows rows, String algorithm) {
        weight(rows);
        if (!rows.hasLabels()) {
            throw new TrainingRefused(
                    algorithm + " learns from labels, and the rows have none", "name a label");
        }
    }

    /// The weights of two classes.
    record Classes(double zeros, double ones) {

        /// What a row of class 1 must count for both classes to weigh the same.
        double balance() {
            return zeros / ones;
        }
    }

    /// What the classes weigh.
    ///
    /// @throws TrainingRefused when a label is neither 0 nor 1, or one of them does not occur
    static Classes classes(Rows rows, String algorithm) {
        check(rows, algorithm);
        double zeros = 0;
        double ones = 0;
        for (int i = 0; i < rows.size(); i++) {
            float label = rows.label(i);
            if (label != 0 && label != 1) {
                throw new TrainingRefused(
                        "row " + (i + 1) + " has the label " + label + ", not 0 or 1",
                        "make a label of two classes");
            }
            if (label == 1) {
                ones += rows.weight(i);
            } else {
                zeros += rows.weight(i);
            }
        }
        if (zeros == 0 || ones == 0) {
            throw new TrainingRefused(
                    "all rows have the label " + (ones == 0 ? 0 : 1),
                    "take a time in which both occur");
        }
        return new Classes(zeros, ones);
    }
}
