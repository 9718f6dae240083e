package leat.ml.scorer;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.core.tracking.TrackingRefused;
import leat.stream.log.LogReader;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// Which versions of a model predict at the moment, or did when their scorer was last there: it
/// goes on with them until it has opened others.
public record ScoredVersions(LogReader log, Admin admin, Names names) {

    /// The numbers of such versions, each with the scoring, as in "it stays: WHY".
    ///
    /// @param scorings of the model
    /// @throws LogUnavailable when Kafka does not answer
    public Map<Integer, String> of(String model, Collection<Scoring> scorings) {
        Map<Integer, String> predicting = new HashMap<>();
        if (new Topics(admin, 1).ids(List.of(names.scoring())).isEmpty()) {
            return predicting;
        }
        for (Scoring scoring : scorings) {
            String name = scoring.nameAndVersion();
            predicting(model, Terms.all(log, names, name)).forEach(predicting::putIfAbsent);
        }
        return predicting;
    }

    /// The versions of the newest term of each partition.
    static Map<Integer, String> predicting(String model, List<Term> terms) {
        Map<String, Term> newest = new HashMap<>();
        for (Term term : terms) {
            newest.merge(
                    term.from().topic() + "/" + term.from().partition(),
                    term,
                    (one, other) -> one.from().offset() < other.from().offset() ? other : one);
        }
        Map<Integer, String> predicting = new HashMap<>();
        for (Term term : newest.values()) {
            for (String version : term.lineup().versions()) {
                add(version, model, "it predicts in " + term.scoring(), predicting);
            }
        }
        return predicting;
    }

    private static void add(
            String version, String model, String why, Map<Integer, String> predicting) {
        try {
            if (ModelReference.parse(version) instanceof ModelReference.Numbered numbered
                    && numbered.modelName().equals(model)) {
                predicting.putIfAbsent(numbered.version(), why);
            }
        } catch (TrackingRefused _) {
            // A term of a version that has no such name needs nothing of this model.
        }
    }
}
