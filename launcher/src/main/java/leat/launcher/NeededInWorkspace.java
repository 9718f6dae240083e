package leat.launcher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.model.ModelReference;
import leat.core.prediction.Scoring;
import leat.launcher.config.Workspace;
import leat.ml.registry.NeededVersions;
import leat.ml.scorer.ScoredVersions;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;

/// Versions of models that a workspace names by their numbers, and those that its scorings predict
/// by.
public record NeededInWorkspace(Workspace workspace, LogConnection log) implements NeededVersions {

    @Override
    public Map<Integer, String> of(String model) {
        Map<Integer, String> needed = new HashMap<>();
        for (Contract contract : workspace.contracts().all()) {
            for (EnrichStep step : contract.steps()) {
                if (step instanceof EnrichStep.Predicted predicted) {
                    add(
                            predicted.question().model(),
                            model,
                            "the contract " + contract.nameAndMajor() + " names it",
                            needed);
                }
            }
        }
        workspace
                .config()
                .enrichmentApi()
                .models()
                .forEach((name, lookup) ->
                        add(
                                ModelReference.parse(lookup.model()),
                                model,
                                "enrichment-api.models." + name + " names it",
                                needed));
        predicting(model).forEach(needed::putIfAbsent);
        return needed;
    }

    private static void add(
            ModelReference reference, String model, String why, Map<Integer, String> needed) {
        if (reference instanceof ModelReference.Numbered numbered
                && numbered.modelName().equals(model)) {
            needed.putIfAbsent(numbered.version(), why);
        }
    }

    private Map<Integer, String> predicting(String model) {
        List<Scoring> scorings =
                workspace.scorings().stream()
                        .filter(scoring -> scoring.model().equals(model))
                        .toList();
        if (scorings.isEmpty()) {
            return Map.of();
        }
        try (Admin admin = log.admin();
                KafkaLogReader reader =
                        new KafkaLogReader(log, workspace.names().group("models"))) {
            return new ScoredVersions(reader, admin, workspace.names()).of(model, scorings);
        }
    }
}
