package leat.core.training;

/// Which part of the rows is held back; always the newest ones.
///
/// @param test the share of all rows that the model is judged by
/// @param validation the share of the rest that settings of a sweep are chosen by, where there is
///   one
public record Split(double test, double validation) {

    /// How many of `rows` rows come before a share of them that is held back; at least one on
    /// either side where there are two.
    public static int before(int rows, double share) {
        return rows < 2 ? 0 : Math.clamp(Math.round(rows * (1 - share)), 1, rows - 1);
    }
}
