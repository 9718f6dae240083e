package leat.launcher.cli;

import java.util.function.Function;
import leat.core.model.MoveRefused;
import leat.core.model.PruneRefused;
import leat.core.tracking.TrackingRefused;
import leat.launcher.UserError;
import leat.launcher.WorkspaceModels;
import leat.launcher.config.Workspace;
import leat.ml.fold.RecordUnreadable;
import leat.ml.objectstore.ObjectStoreUnavailable;
import leat.ml.weights.WeightsRefused;
import leat.stream.log.LogUnavailable;

/// What the models of a workspace answer, with failures as a user can put them right.
final class ModelsAnswer {

    private ModelsAnswer() {}

    /// Asks, and closes what was opened for it.
    ///
    /// @throws UserError when there is no answer
    static <T> T of(Workspace workspace, int portOffset, Function<WorkspaceModels, T> question) {
        try (WorkspaceModels models = WorkspaceModels.open(workspace, portOffset)) {
            return question.apply(models);
        } catch (MoveRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (PruneRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (WeightsRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (TrackingRefused e) {
            throw new UserError(
                    withoutStop(String.valueOf(e.getMessage())),
                    "see what there is with: leat models list");
        } catch (ObjectStoreUnavailable e) {
            throw new UserError(String.valueOf(e.getMessage()), "do the same again then");
        } catch (LogUnavailable e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "see that Kafka runs, and do the same again: nothing is done twice");
        } catch (RecordUnreadable e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "use the program that wrote it, or a newer one");
        }
    }

    private static String withoutStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
