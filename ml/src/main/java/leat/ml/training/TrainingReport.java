package leat.ml.training;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.training.Gate;

/// What became of a training that came to its end.
///
/// @param training the file's name
/// @param run the id of the tracked run
/// @param version that was registered, `failure-risk/3`
/// @param passed whether all gates let it pass
/// @param alias that points to it now; empty where it has not passed, or none is asked for
/// @param dataset the digest of what was learned from
/// @param from the query time of the first row
/// @param to the query time of the last row
/// @param trainingRows that were learned from
/// @param testRows that it was judged by
/// @param lacking vectors left out since they lack a feature
/// @param unlabelled vectors left out since their label is not known
/// @param unreadable records left out since they break their schema
/// @param score which value of the model's outputs is the score
/// @param onnxBytes how large the model is
/// @param onnxSha256 of the model
/// @param seconds it took
/// @param pruned versions that the training's retention has deleted, `failure-risk/1`
public record TrainingReport(
        String training,
        String run,
        String version,
        boolean passed,
        Optional<String> alias,
        String dataset,
        String from,
        String to,
        int trainingRows,
        int testRows,
        long lacking,
        long unlabelled,
        long unreadable,
        String score,
        Map<String, String> parameters,
        Map<String, Double> metrics,
        Map<String, Double> baseline,
        List<Gate.Verdict> gates,
        long onnxBytes,
        String onnxSha256,
        double seconds,
        List<String> pruned) {

    public TrainingReport {
        parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
        metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
        baseline = Collections.unmodifiableMap(new TreeMap<>(baseline));
        gates = List.copyOf(gates);
        pruned = List.copyOf(pruned);
    }

    /// The same, when versions were deleted behind it.
    TrainingReport withPruned(List<String> versions) {
        return new TrainingReport(
                training,
                run,
                version,
                passed,
                alias,
                dataset,
                from,
                to,
                trainingRows,
                testRows,
                lacking,
                unlabelled,
                unreadable,
                score,
                parameters,
                metrics,
                baseline,
                gates,
                onnxBytes,
                onnxSha256,
                seconds,
                versions);
    }
}
