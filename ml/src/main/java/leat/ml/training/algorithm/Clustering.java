package leat.ml.training.algorithm;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leat.ml.training.algorithm.Parameter.Range;

/// k-means: first centres by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's steps until no
/// row changes its cluster.
final class Clustering implements Algorithm {

    private static final String NAME = "k-means";
    private static final String CLUSTERS = "clusters";
    private static final String ITERATIONS = "iterations";

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "Clusters of rows that are near each other, by k-means",
                    List.of(
                            new Parameter(
                                    CLUSTERS, new Range.Whole(2, 1_000), "8", "How many clusters"),
                            new Parameter(
                                    ITERATIONS,
                                    new Range.Whole(1, 1_000),
                                    "100",
                                    "How often the centres are moved at most; it ends when no row"
                                            + " changes its cluster")),
                    Clustering::new);

    private final Parameters parameters;

    private Clustering(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Task task() {
        return Task.CLUSTERING;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.texts();
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        return fit(parameters, training, seed);
    }

    /// @param parameters with those of this algorithm among them
    static Clusters fit(Parameters parameters, Rows training, long seed) {
        Labels.weight(training);
        Scaling scaling = Scaling.of(training, Scaling.NO_BOUND);
        Lloyd lloyd = new Lloyd(training, scaling, parameters.whole(CLUSTERS));
        lloyd.begin(new Random(seed));
        for (int step = 0; step < parameters.whole(ITERATIONS) && lloyd.assign(); step++) {
            lloyd.move();
        }
        return new Clusters(training.features(), scaling, lloyd.centres());
    }

    /// The steps of the method.
    private static final class Lloyd {

        private final Rows rows;
        private final Scaling scaling;
        private final double[][] centres;
        private final int[] clusters;
        private final double[] row;

        Lloyd(Rows rows, Scaling scaling, int count) {
            this.rows = rows;
            this.scaling = scaling;
            this.centres = new double[count][scaling.width()];
            this.clusters = new int[rows.size()];
            this.row = new double[scaling.width()];
            Arrays.fill(clusters, -1);
        }

        /// Draws the first centres among the rows: each the likelier, the further away from those
        /// before.
        void begin(Random random) {
            double[] chances = new double[rows.size()];
            Arrays.setAll(chances, rows::weight);
            double[] squares = new double[rows.size()];
            Arrays.fill(squares, Double.POSITIVE_INFINITY);
            for (int k = 0; k < centres.length; k++) {
                scaling.row(rows, draw(chances, random), centres[k]);
                for (int i = 0; i < chances.length; i++) {
                    scaling.row(rows, i, row);
                    squares[i] = Math.min(squares[i], Clusters.square(row, centres[k]));
                    chances[i] = rows.weight(i) * squares[i];
                }
            }
        }

        private int draw(double[] chances, Random random) {
            double sum = 0;
            for (double chance : chances) {
                sum += chance;
            }
            double left = random.nextDouble() * sum;
            int last = -1;
            for (int i = 0; i < chances.length; i++) {
                if (chances[i] > 0) {
                    last = i;
                    left -= chances[i];
                    if (left < 0) {
                        return i;
                    }
                }
            }
            if (last < 0) {
                throw new TrainingRefused(
                        "there are fewer than " + centres.length + " different rows",
                        "ask for fewer clusters");
            }
            return last;
        }

        /// Gives each row its nearest centre.
        ///
        /// @return whether any has another than before
        boolean assign() {
            boolean changed = false;
            for (int i = 0; i < clusters.length; i++) {
                scaling.row(rows, i, row);
                int nearest = Clusters.nearest(row, centres);
                changed |= nearest != clusters[i];
                clusters[i] = nearest;
            }
            return changed;
        }

        /// Moves each centre to the mean of its rows. One without rows that count stays.
        void move() {
            double[] weights = new double[centres.length];
            double[][] sums = new double[centres.length][scaling.width()];
            for (int i = 0; i < clusters.length; i++) {
                scaling.row(rows, i, row);
                weights[clusters[i]] += rows.weight(i);
                for (int j = 0; j < row.length; j++) {
                    sums[clusters[i]][j] += rows.weight(i) * row[j];
                }
            }
            for (int k = 0; k < centres.length; k++) {
                for (int j = 0; j < row.length && weights[k] > 0; j++) {
                    centres[k][j] = sums[k][j] / weights[k];
                }
            }
        }

        /// The centres in floats, one after the other.
        float[] centres() {
            float[] all = new float[centres.length * scaling.width()];
            for (int k = 0; k < centres.length; k++) {
                for (int j = 0; j < scaling.width(); j++) {
                    all[k * scaling.width() + j] = (float) centres[k][j];
                }
            }
            return all;
        }
    }
}
