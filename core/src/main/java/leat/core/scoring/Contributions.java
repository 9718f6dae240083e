package leat.core.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// What each feature of a row adds to what a model says of it, compared with other rows: Shapley
/// values. Each of the other rows is turned into the row feature by feature, in an order that is
/// drawn by lot and then in the reverse of it; by how much the answer changes at a feature is the
/// feature's share, and the mean over all orders is what it adds (Štrumbelj and Kononenko,
/// Explaining prediction models and individual predictions with feature contributions, Knowledge
/// and Information Systems 41, 2014). Whatever the orders are, all features together add the
/// difference between the row's answer and [#expected]. The same rows give the same values.
///
/// @param expected the mean answer of the other rows
/// @param values by the places of the features, in the unit of the answer
public record Contributions(double expected, List<Double> values) {

    private static final long SEED = 7;

    public Contributions {
        values = List.copyOf(values);
    }

    /// A model of which one number is looked at.
    @FunctionalInterface
    public interface Model {

        /// The answer to each row.
        ///
        /// @throws ModelFailed when there is none
        List<Double> answers(List<List<Object>> rows);
    }

    /// Asks the model for twice as many rows as there are others, times features.
    ///
    /// @param others at least one
    /// @throws ModelFailed when the model has no answer to a mixture of two rows
    public static Contributions of(List<Object> row, List<List<Object>> others, Model model) {
        if (others.isEmpty()) {
            throw new IllegalArgumentException("there is no row to compare with");
        }
        Random random = new Random(SEED);
        List<Integer> order = new ArrayList<>(IntStream.range(0, row.size()).boxed().toList());
        double expected = 0;
        double[] added = new double[row.size()];
        for (List<Object> other : others) {
            Collections.shuffle(order, random);
            expected += turn(other, row, order, model, added);
            turn(other, row, order.reversed(), model, added);
        }
        return new Contributions(
                expected / others.size(),
                DoubleStream.of(added).map(sum -> sum / (2 * others.size())).boxed().toList());
    }

    /// @return the answer to the other row
    private static double turn(
            List<Object> other,
            List<Object> row,
            List<Integer> order,
            Model model,
            double[] added) {
        List<List<Object>> between = new ArrayList<>(row.size() + 1);
        List<Object> now = new ArrayList<>(other);
        between.add(List.copyOf(now));
        for (int feature : order) {
            now.set(feature, row.get(feature));
            between.add(List.copyOf(now));
        }
        List<Double> answers = model.answers(between);
        for (int i = 0; i < order.size(); i++) {
            added[order.get(i)] += answers.get(i + 1) - answers.get(i);
        }
        return answers.getFirst();
    }
}
