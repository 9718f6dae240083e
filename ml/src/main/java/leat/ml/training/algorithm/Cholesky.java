package leat.ml.training.algorithm;

/// Solves equations with a symmetric positive definite matrix.
final class Cholesky {

    private Cholesky() {}

    /// Solves `matrix · x = right` in place: afterwards `right` is the solution, and the matrix is
    /// used up.
    ///
    /// @param matrix of which only the lower triangle is read
    /// @return whether the matrix is positive definite, as far as doubles can tell
    static boolean solve(double[][] matrix, double[] right) {
        int n = right.length;
        for (int j = 0; j < n; j++) {
            double[] row = matrix[j];
            for (int k = 0; k < j; k++) {
                double sum = row[k];
                for (int l = 0; l < k; l++) {
                    sum -= row[l] * matrix[k][l];
                }
                row[k] = sum / matrix[k][k];
            }
            double diagonal = row[j];
            for (int l = 0; l < j; l++) {
                diagonal -= row[l] * row[l];
            }
            if (!(diagonal > 0)) {
                return false;
            }
            row[j] = Math.sqrt(diagonal);
        }
        substitute(matrix, right);
        return true;
    }

    private static void substitute(double[][] factor, double[] right) {
        int n = right.length;
        for (int j = 0; j < n; j++) {
            double sum = right[j];
            for (int l = 0; l < j; l++) {
                sum -= factor[j][l] * right[l];
            }
            right[j] = sum / factor[j][j];
        }
        for (int j = n - 1; j >= 0; j--) {
            double sum = right[j];
            for (int l = j + 1; l < n; l++) {
                sum -= factor[l][j] * right[l];
            }
            right[j] = sum / factor[j][j];
        }
    }
}
