package leat.launcher;

import java.nio.file.Path;
import java.time.InstantSource;
import leat.core.event.Names;
import leat.launcher.config.Workspace;
import leat.ml.objectstore.ObjectStore;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.Models;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.RegistryLog;
import leat.ml.scoring.RegisteredModels;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;
import org.jspecify.annotations.Nullable;

/// What the parts of one process know of runs and models: read from the log once, whoever asks, and
/// not before somebody does. It ends with the process.
final class ProcessModels {

    private final Workspace workspace;
    private final LogConnection log;
    private final Names names;
    private final Path stateFolder;
    private final RunningParts parts;
    private @Nullable Opened opened;
    private @Nullable RegisteredModels registered;

    ProcessModels(Workspace workspace, LogConnection log, RunningParts parts) {
        this.workspace = workspace;
        this.log = log;
        this.names = workspace.names();
        this.stateFolder = workspace.stateFolder();
        this.parts = parts;
    }

    private record Opened(
            TrackingLog tracking, RegistryLog registry, ObjectStore objects, Models models) {}

    TrackingLog tracking() {
        return opened().tracking();
    }

    RegistryLog registry() {
        return opened().registry();
    }

    /// Where files of models are that are not in the log.
    ObjectStore objects() {
        return opened().objects();
    }

    Models models() {
        return opened().models();
    }

    /// The models as this process computes them, for all that ask by the event.
    RegisteredModels registered() {
        RegisteredModels now = registered;
        if (now == null) {
            now = parts.add(new RegisteredModels(models()));
            registered = now;
        }
        return now;
    }

    /// Files to put and to hand out. They are not those of [#models]: whoever downloads slowly
    /// keeps no model from being opened.
    ArtifactLog files() {
        return parts.add(artifacts());
    }

    private Opened opened() {
        Opened now = opened;
        if (now == null) {
            InstantSource clock = InstantSource.system();
            TrackingLog tracking = new TrackingLog(log, names, clock);
            RegistryLog registry = new RegistryLog(log, names, clock);
            ObjectStore objects = workspace.objectStore();
            ModelsInLog models =
                    parts.add(new ModelsInLog(tracking, registry, artifacts(), objects));
            now = new Opened(tracking, registry, objects, models);
            opened = now;
        }
        return now;
    }

    private ArtifactLog artifacts() {
        return new ArtifactLog(log, names, stateFolder.resolve("uploads"), InstantSource.system());
    }
}
