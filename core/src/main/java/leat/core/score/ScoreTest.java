package leat.core.score;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The tests of the ML Test Score: E. Breck, S. Cai, E. Nielsen, M. Salib, D. Sculley, "The ML Test
/// Score: A Rubric for ML Production Readiness and Technical Debt Reduction", IEEE Big Data 2017,
/// in its order.
public enum ScoreTest {
    FEATURE_EXPECTATIONS(Section.DATA, "What features are like is written down"),
    FEATURE_BENEFIT(Section.DATA, "All features are beneficial"),
    FEATURE_COST(Section.DATA, "No feature costs too much"),
    FEATURE_RULES(Section.DATA, "Features keep the rules of the house"),
    PRIVACY(Section.DATA, "Personal data is protected"),
    NEW_FEATURES(Section.DATA, "New features come quickly"),
    FEATURE_CODE(Section.DATA, "The code of features is tested"),
    REVIEW(Section.MODEL, "What is served was reviewed"),
    ONLINE_METRICS(Section.MODEL, "Metrics hold in production"),
    HYPERPARAMETERS(Section.MODEL, "Hyperparameters are tuned"),
    STALENESS(Section.MODEL, "What staleness costs is known"),
    SIMPLER_MODEL(Section.MODEL, "A simpler model is not better"),
    SLICES(Section.MODEL, "Quality is sufficient on all slices"),
    INCLUSION(Section.MODEL, "Groups are treated alike"),
    REPRODUCIBLE(Section.INFRASTRUCTURE, "Training is reproducible"),
    SPECIFICATION(Section.INFRASTRUCTURE, "The model's code is tested"),
    PIPELINE(Section.INFRASTRUCTURE, "The pipeline works as a whole"),
    GATES(Section.INFRASTRUCTURE, "Quality is judged before serving"),
    EXPLANATION(Section.INFRASTRUCTURE, "One example can be looked into"),
    CANARY(Section.INFRASTRUCTURE, "Versions are tried before they answer"),
    ROLLBACK(Section.INFRASTRUCTURE, "A version can be rolled back"),
    DEPENDENCIES(Section.MONITORING, "Changes upstream are told"),
    INVARIANTS(Section.MONITORING, "Data are in training and serving as expected"),
    AGREEMENT(Section.MONITORING, "Training and serving agree"),
    AGE(Section.MONITORING, "The model is not too old"),
    NUMBERS(Section.MONITORING, "Numbers are stable"),
    SPEED(Section.MONITORING, "Speed and memory have not got worse"),
    QUALITY(Section.MONITORING, "Predictions have not got worse");

    private final Section section;
    private final String title;

    ScoreTest(Section section, String title) {
        this.section = section;
        this.title = title;
    }

    public Section section() {
        return section;
    }

    public String title() {
        return title;
    }

    /// `feature-cost`, as files and commands name it.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The test of a word; empty where there is none.
    static Optional<ScoreTest> of(String word) {
        return Arrays.stream(values()).filter(test -> test.word().equals(word)).findFirst();
    }

    /// All words.
    static List<String> words() {
        return Arrays.stream(values()).map(ScoreTest::word).toList();
    }
}
