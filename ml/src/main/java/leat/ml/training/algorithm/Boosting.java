package leat.ml.training.algorithm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.ml.training.algorithm.Parameter.Range;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/// Boosted trees by XGBoost. A missing value goes the way at each split that training found best.
final class Boosting implements Algorithm {

    private static final String NAME = "xgboost";
    private static final String OBJECTIVE = "objective";
    private static final String ROUNDS = "rounds";
    private static final String POSITIVE_WEIGHT = "positive-weight";
    private static final String CLASSIFICATION = "classification";

    static final AlgorithmKind KIND =
            new AlgorithmKind(
                    NAME,
                    "Boosted decision trees by XGBoost, for classes or numbers",
                    List.of(
                            new Parameter(
                                    OBJECTIVE,
                                    new Range.Word(List.of(CLASSIFICATION, "regression")),
                                    CLASSIFICATION,
                                    "What is learned: the probability of label 1, or a number,"
                                            + " which `leat train` refuses"),
                            new Parameter(
                                    ROUNDS, new Range.Whole(1, 2_000), "100", "How many trees"),
                            new Parameter(
                                    "max-depth",
                                    new Range.Whole(1, 16),
                                    "6",
                                    "How many splits a row meets in a tree at most"),
                            new Parameter(
                                    "learning-rate",
                                    new Range.Decimal(0.001, 1),
                                    "0.3",
                                    "How much of what a tree has found is taken over"),
                            new Parameter(
                                    "min-child-weight",
                                    new Range.Decimal(0, 1e6),
                                    "1",
                                    "What must come to a leaf at least, as the sum of the loss's"
                                            + " second derivatives"),
                            new Parameter(
                                    "min-split-loss",
                                    new Range.Decimal(0, 1e6),
                                    "0",
                                    "By how much a split must lower the loss"),
                            new Parameter(
                                    "l2",
                                    new Range.Decimal(0, 1e6),
                                    "1",
                                    "How much the squares of the leaves' values cost"),
                            new Parameter(
                                    "l1",
                                    new Range.Decimal(0, 1e6),
                                    "0",
                                    "How much the leaves' values cost"),
                            new Parameter(
                                    "subsample",
                                    new Range.Decimal(0.01, 1),
                                    "1",
                                    "The share of the rows that each tree is grown from, drawn by"
                                            + " the seed"),
                            new Parameter(
                                    "feature-subsample",
                                    new Range.Decimal(0.01, 1),
                                    "1",
                                    "The share of the features that each tree may ask for, drawn"
                                            + " by the seed"),
                            new Parameter(
                                    POSITIVE_WEIGHT,
                                    new Range.Decimal(0.001, 1e6, List.of("balanced")),
                                    "1",
                                    "Of `classification`: how often a row of class 1 counts;"
                                            + " `balanced` makes both classes weigh the same"),
                            new Parameter(
                                    "tree-method",
                                    new Range.Word(List.of("exact", "hist")),
                                    "exact",
                                    "Which splits are tried: between any two values, or between"
                                            + " 256 groups of them, which is some ten times faster"),
                            new Parameter(
                                    "threads",
                                    new Range.Whole(1, 64),
                                    "1",
                                    "On how many threads trees are grown")),
                    Boosting::new);

    private final Parameters parameters;

    private Boosting(Parameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Task task() {
        return parameters.word(OBJECTIVE).equals(CLASSIFICATION)
                ? Task.CLASSIFICATION
                : Task.REGRESSION;
    }

    @Override
    public Map<String, String> parameters() {
        return parameters.texts();
    }

    @Override
    public Fitted fit(Rows training, long seed) {
        Map<String, Object> settings = settings(training, seed);
        try {
            Booster booster = train(training, settings);
            try {
                return ForestReader.read(booster.toByteArray("json"), training.features(), task());
            } finally {
                booster.dispose();
            }
        } catch (XGBoostError e) {
            throw new TrainingRefused(
                    "XGBoost refuses: " + firstLine(e), "change parameters or rows");
        } catch (LinkageError e) {
            throw new AlgorithmUnavailable(
                    "XGBoost cannot be loaded: "
                            + e
                            + ". There is a build for Linux (with libgomp), macOS and Windows",
                    e);
        }
    }

    /// What XGBoost says, without its stack.
    private static String firstLine(XGBoostError error) {
        return String.valueOf(error.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private Map<String, Object> settings(Rows training, long seed) {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (task() == Task.CLASSIFICATION) {
            Labels.Classes classes = Labels.classes(training, NAME);
            settings.put("objective", "binary:logistic");
            settings.put(
                    "scale_pos_weight",
                    parameters.isWord(POSITIVE_WEIGHT)
                            ? classes.balance()
                            : parameters.decimal(POSITIVE_WEIGHT));
        } else {
            Labels.check(training, NAME);
            settings.put("objective", "reg:squarederror");
        }
        settings.put("max_depth", parameters.whole("max-depth"));
        settings.put("eta", parameters.decimal("learning-rate"));
        settings.put("min_child_weight", parameters.decimal("min-child-weight"));
        settings.put("gamma", parameters.decimal("min-split-loss"));
        settings.put("lambda", parameters.decimal("l2"));
        settings.put("alpha", parameters.decimal("l1"));
        settings.put("subsample", parameters.decimal("subsample"));
        settings.put("colsample_bytree", parameters.decimal("feature-subsample"));
        settings.put("tree_method", parameters.word("tree-method"));
        settings.put("nthread", parameters.whole("threads"));
        settings.put("seed", seed);
        settings.put("verbosity", 0);
        return settings;
    }

    private Booster train(Rows training, Map<String, Object> settings) throws XGBoostError {
        DMatrix matrix = matrix(training);
        try {
            return XGBoost.train(matrix, settings, parameters.whole(ROUNDS), Map.of(), null, null);
        } finally {
            matrix.dispose();
        }
    }

    /// Rows as XGBoost takes them.
    static DMatrix matrix(Rows rows) throws XGBoostError {
        DMatrix matrix = new DMatrix(rows.values(), rows.size(), rows.width(), Float.NaN);
        if (rows.hasLabels()) {
            float[] labels = new float[rows.size()];
            float[] weights = new float[rows.size()];
            for (int i = 0; i < rows.size(); i++) {
                labels[i] = rows.label(i);
                weights[i] = rows.weight(i);
            }
            matrix.setLabel(labels);
            matrix.setWeight(weights);
        }
        return matrix;
    }

    /// The booster itself, for tests that compare with it.
    ///
    /// @return to be disposed of
    Booster booster(Rows training, long seed) throws XGBoostError {
        return train(training, settings(training, seed));
    }
}
