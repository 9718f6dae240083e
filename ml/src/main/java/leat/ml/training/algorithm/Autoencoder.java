package leat.ml.training.algorithm;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leat.ml.training.algorithm.Parameter.Range;

/// A network that gives its features back through a layer that is too narrow for all of them, so
/// that it can do so only for rows like those it has seen. Trained by Adam on small batches of
/// rows, in the order that the seed draws.
final class Autoencoder implements Algorithm {

    private static final String NAME = "autoencoder";
    private static final String HIDDEN = "hidden";
    private static final String CODE = "code";
    private static final String EPOCHS = "epochs";
    private static final String BATCH_SIZE = "batch-size";
    private static final String RATE = "learning-rate";
    private static final String USUAL = "usual-share";

    /// What is further from the mean, in deviations, is as unusual as this.
    private static final float BOUND = 10;

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "How unusual a row is, by a network that learned to give usual rows back",
                    List.of(
                            new Parameter(
                                    HIDDEN,
                                    new Range.Whole(1, 256),
                                    "16",
                                    "Units of the layers before and after the narrow one"),
                            new Parameter(
                                    CODE,
                                    new Range.Whole(0, 256),
                                    "0",
                                    "Units of the narrow layer; 0 means half as many as features,"
                                            + " rounded up"),
                            new Parameter(
                                    EPOCHS,
                                    new Range.Whole(1, 1_000),
                                    "20",
                                    "How often all rows are gone through"),
                            new Parameter(
                                    BATCH_SIZE,
                                    new Range.Whole(1, 4_096),
                                    "64",
                                    "After how many rows the weights are moved"),
                            new Parameter(
                                    RATE,
                                    new Range.Decimal(1e-5, 0.1),
                                    "0.003",
                                    "How far the weights are moved"),
                            new Parameter(
                                    USUAL,
                                    new Range.Decimal(0.5, 0.9999),
                                    "0.99",
                                    "The share of the training's rows that get a score below"
                                            + " 0.5")),
                    Autoencoder::new);

    private final Parameters parameters;

    private Autoencoder(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Task task() {
        return Task.ANOMALY;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.texts();
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        double weight = Labels.weight(training);
        Scaling scaling = Scaling.of(training, BOUND);
        int width = training.width();
        int code = parameters.whole(CODE) == 0 ? (width + 1) / 2 : parameters.whole(CODE);
        int hidden = parameters.whole(HIDDEN);
        Network network = new Network(width, hidden, code, hidden, width);
        Random random = new Random(seed);
        double[] weights = train(network, scaling, training, random);
        for (int i = 0; i < weights.length; i++) {
            // What the graph computes with.
            weights[i] = (float) weights[i];
        }
        double middle = usual(new Reconstruction(network, scaling), weights, training, weight);
        return new AutoencoderModel(training.features(), scaling, network, weights, middle);
    }

    private double[] train(Network network, Scaling scaling, Rows rows, Random random) {
        double[] weights = network.draw(random);
        double[] gradient = new double[weights.length];
        Adam adam = new Adam(weights.length, parameters.decimal(RATE));
        Reconstruction reconstruction = new Reconstruction(network, scaling);
        int[] order = new int[rows.size()];
        Arrays.setAll(order, i -> i);
        int batch = parameters.whole(BATCH_SIZE);
        for (int epoch = 0; epoch < parameters.whole(EPOCHS); epoch++) {
            shuffle(order, random);
            for (int from = 0; from < order.length; from += batch) {
                int to = Math.min(from + batch, order.length);
                double sum = 0;
                for (int i = from; i < to; i++) {
                    sum += rows.weight(order[i]);
                }
                if (sum == 0) {
                    continue;
                }
                Arrays.fill(gradient, 0);
                for (int i = from; i < to; i++) {
                    double factor = rows.weight(order[i]) / sum;
                    reconstruction.add(weights, rows, order[i], factor, gradient);
                }
                adam.step(weights, gradient);
            }
        }
        return weights;
    }

    private static void shuffle(int[] order, Random random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }

    /// The error that the usual share of the rows, by their weights, does not exceed.
    private double usual(
            Reconstruction reconstruction, double[] weights, Rows rows, double weight) {
        // Of each row the error and the weight: no float that is 0 or more has the sign's bit, and
        // their bits are in the order of the numbers.
        long[] all = new long[rows.size()];
        for (int i = 0; i < all.length; i++) {
            int error = Float.floatToIntBits((float) reconstruction.error(weights, rows, i));
            all[i] = ((long) error << Integer.SIZE) | Float.floatToIntBits(rows.weight(i));
        }
        Arrays.sort(all);
        double left = parameters.decimal(USUAL) * weight;
        float error = 0;
        for (int i = 0; i < all.length && left > 0; i++) {
            error = Float.intBitsToFloat((int) (all[i] >> Integer.SIZE));
            left -= Float.intBitsToFloat((int) all[i]);
        }
        return Math.max(error, AutoencoderModel.LEAST_MIDDLE);
    }
}
