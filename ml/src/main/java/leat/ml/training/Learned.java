package leat.ml.training;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import leat.core.monitor.Profile;
import leat.core.training.Gate;
import leat.ml.training.algorithm.Fitted;

/// What was learned, and what it is worth.
///
/// @param parameters of the algorithm, those that a sweep has chosen among them
/// @param metrics of the test rows
/// @param baseline the same of the baseline; empty where there is none
/// @param others that are logged beside them: of the training rows, by slice, of a sweep
/// @param verdicts one a gate
/// @param profile of the training rows
/// @param scores the profile of what the model says of the test rows
record Learned(
        Fitted model,
        Map<String, String> parameters,
        int trainingRows,
        int testRows,
        SequencedMap<String, Double> metrics,
        SequencedMap<String, Double> baseline,
        SequencedMap<String, Double> others,
        List<Gate.Verdict> verdicts,
        Profile profile,
        Profile scores) {

    Learned {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        metrics = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metrics));
        baseline = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(baseline));
        others = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(others));
        verdicts = List.copyOf(verdicts);
    }

    boolean passed() {
        return verdicts.stream().allMatch(Gate.Verdict::passed);
    }
}
