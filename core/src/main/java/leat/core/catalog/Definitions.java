package leat.core.catalog;

import java.util.List;
import leat.core.contract.Contract;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.prediction.Scoring;
import leat.core.training.Training;

/// What the files of a workspace define, each in the order of the files' names.
///
/// @param views of these contracts
/// @param sets of these views
/// @param trainings with vectors of these views
/// @param scorings of vectors of these views
public record Definitions(
        List<Contract> contracts,
        List<CompiledView> views,
        List<FeatureSet> sets,
        List<Training> trainings,
        List<Scoring> scorings) {

    public Definitions {
        contracts = List.copyOf(contracts);
        views = List.copyOf(views);
        sets = List.copyOf(sets);
        trainings = List.copyOf(trainings);
        scorings = List.copyOf(scorings);
    }
}
