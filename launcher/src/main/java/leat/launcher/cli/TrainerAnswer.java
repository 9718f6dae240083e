package leat.launcher.cli;

import java.time.InstantSource;
import java.util.function.Function;
import leat.launcher.NeededInWorkspace;
import leat.launcher.UserError;
import leat.launcher.WorkspaceModels;
import leat.launcher.config.Workspace;
import leat.ml.fold.RecordUnreadable;
import leat.ml.training.Trainer;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;

/// What the trainer of a workspace does for a command, with failures as a user can put them right.
final class TrainerAnswer {

    private TrainerAnswer() {}

    /// Has it work, and closes what was opened for it.
    ///
    /// @throws UserError when the log does not answer, or keeps no models
    static <T> T of(Workspace workspace, int portOffset, Function<Trainer, T> work) {
        LogConnection log = WorkspaceModels.logWithModels(workspace, portOffset);
        try (Trainer trainer =
                new Trainer(
                        new Trainer.Place(
                                log,
                                workspace.names(),
                                workspace.stateFolder().resolve("uploads"),
                                InstantSource.system(),
                                new NeededInWorkspace(workspace, log)))) {
            return work.apply(trainer);
        } catch (LogUnavailable e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "see that Kafka runs, and train again: a version is registered whole or not"
                            + " at all");
        } catch (RecordUnreadable e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "use the program that wrote it, or a newer one");
        }
    }
}
