package leat.launcher.demo;

import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.model.Alias;
import leat.core.model.ModelReference;
import leat.core.prediction.Scoring;
import leat.core.training.Training;
import leat.launcher.NeededInWorkspace;
import leat.launcher.UserError;
import leat.launcher.WorkspaceModels;
import leat.launcher.config.Workspace;
import leat.ml.registry.Promotions;
import leat.ml.training.Trainer;
import leat.ml.training.TrainingReport;
import leat.ml.training.TrainingStopped;
import leat.stream.log.LogConnection;

/// Trains and promotes as `leat train` and `leat models promote` do.
final class DemoTrainings implements AutoCloseable {

    private final WorkspaceModels models;
    private final Trainer trainer;
    private final Consumer<String> view;

    /// @param view is told how far a training is
    DemoTrainings(Workspace workspace, LogConnection log, int portOffset, Consumer<String> view) {
        this.view = view;
        this.models = WorkspaceModels.open(workspace, portOffset);
        this.trainer =
                new Trainer(
                        new Trainer.Place(
                                log,
                                workspace.names(),
                                workspace.stateFolder().resolve("uploads"),
                                InstantSource.system(),
                                new NeededInWorkspace(workspace, log)));
    }

    /// Makes a version.
    ///
    /// @throws UserError when the data are not as they should be, or nothing can be learned
    TrainingReport train(Training training) {
        try {
            return trainer.train(
                    training,
                    Optional.empty(),
                    (phase, done, total) ->
                            view.accept(
                                    training.name()
                                            + ": "
                                            + phase
                                            + (total > 1
                                                    ? String.format(
                                                            Locale.ROOT, " %,d of %,d", done, total)
                                                    : "")));
        } catch (TrainingStopped e) {
            throw new UserError(
                    "training " + training.name().value() + ": " + e.getMessage(), e.remedy());
        }
    }

    /// The version that answers in a scoring, `breakdown/2`; empty where nobody is champion.
    Optional<String> champion(Scoring scoring) {
        return models.registry()
                .read(state -> state.model(scoring.model()))
                .flatMap(model -> Optional.ofNullable(model.aliases().get(scoring.champion())))
                .map(Alias::version)
                .map(version -> scoring.model() + "/" + version);
    }

    /// Has a version answer in a scoring.
    void promote(Scoring scoring, String version, String because) {
        Promotions.Moved _ =
                models.promotions()
                        .promote(
                                ModelReference.parse(version),
                                scoring.champion(),
                                new Promotions.Will(false, because));
    }

    @Override
    public void close() {
        trainer.close();
        models.close();
    }
}
