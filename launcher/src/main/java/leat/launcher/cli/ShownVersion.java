package leat.launcher.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import leat.core.artifact.Fingerprint;
import leat.core.model.Alias;
import leat.core.model.AliasMove;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Port;
import leat.core.scoring.Signature;
import leat.core.tracking.Experiment;
import leat.core.tracking.Run;
import leat.core.tracking.TrackingRefused;
import leat.launcher.UserError;
import leat.launcher.WorkspaceModels;
import leat.ml.objectstore.ObjectStoreUnavailable;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.ModelFile;
import leat.ml.scoring.Signatures;

/// All of a version, for `--json` too.
///
/// @param gates what its tag says, `passed` or `failed`; empty where it has none
/// @param unread why files or signature are not there; empty where they are
/// @param run that trained it; empty where it has none, or the run is not known
/// @param moves of aliases to it, and away from it, the newest first
record ShownVersion(
        String model,
        int version,
        SortedSet<String> aliases,
        Instant created,
        Instant updated,
        String description,
        String source,
        String runId,
        Optional<String> gates,
        SortedMap<String, String> tags,
        List<ShownFile> files,
        List<ShownPort> inputs,
        List<ShownPort> outputs,
        String unread,
        Optional<ShownRun> run,
        List<ShownMove> moves) {

    /// A file.
    ///
    /// @param sha256 of its bytes, where it is in the log
    /// @param etag what an object store calls them, where it is there
    record ShownFile(String path, long sizeBytes, Optional<String> sha256, Optional<String> etag) {
        static ShownFile of(ModelFile file) {
            return switch (file.fingerprint()) {
                case Fingerprint.Sha256(String digits) ->
                        new ShownFile(
                                file.path(),
                                file.sizeBytes(),
                                Optional.of(digits),
                                Optional.empty());
                case Fingerprint.Etag(String value) ->
                        new ShownFile(
                                file.path(),
                                file.sizeBytes(),
                                Optional.empty(),
                                Optional.of(value));
            };
        }
    }

    /// An input or output.
    ///
    /// @param shape with -1 for any number
    record ShownPort(String name, String type, List<Long> shape) {
        static ShownPort of(Port port) {
            return new ShownPort(port.name(), port.type().name(), port.shape().dimensions());
        }

        /// As people write it, `x FP32[?, 18]`.
        String text() {
            return name + " " + type + shape.toString().replace("-1", "?");
        }
    }

    /// A run with what it logged.
    ///
    /// @param metrics the newest value of each
    record ShownRun(
            String id,
            String name,
            String experiment,
            String status,
            Instant started,
            Optional<Instant> ended,
            Map<String, String> params,
            Map<String, Double> metrics,
            Map<String, String> tags) {

        static ShownRun of(Run run, Optional<Experiment> experiment) {
            SortedMap<String, Double> metrics = new TreeMap<>();
            run.metrics().forEach((key, newest) -> metrics.put(key, newest.metric().value()));
            OptionalLong end = run.info().endMillis();
            return new ShownRun(
                    run.info().id(),
                    run.info().name(),
                    experiment.map(Experiment::name).orElse(run.info().experimentId()),
                    run.info().status().name(),
                    Instant.ofEpochMilli(run.info().startMillis()),
                    end.isPresent()
                            ? Optional.of(Instant.ofEpochMilli(end.getAsLong()))
                            : Optional.empty(),
                    run.params(),
                    metrics,
                    run.tags());
        }
    }

    /// A move of an alias.
    ///
    /// @param at empty where it is not known
    /// @param way `on` or `back`
    record ShownMove(
            String alias,
            int version,
            Optional<Instant> at,
            String way,
            String because,
            String overruled) {

        static ShownMove of(Alias alias, AliasMove move) {
            return new ShownMove(
                    alias.name(),
                    move.version(),
                    Optional.of(move.atMillis())
                            .filter(millis -> millis > 0)
                            .map(Instant::ofEpochMilli),
                    AliasOption.way(move),
                    move.because(),
                    move.against());
        }
    }

    /// Moves of a model's aliases, the newest first.
    static List<ShownMove> moves(RegisteredModel model) {
        List<ShownMove> moves = new ArrayList<>();
        for (Alias alias : model.aliases().values()) {
            alias.moves().forEach(move -> moves.add(ShownMove.of(alias, move)));
        }
        moves.sort(
                Comparator.comparing((ShownMove move) -> move.at().orElse(Instant.EPOCH))
                        .reversed());
        return moves;
    }

    /// What a version takes and gives, and of what files it is.
    private record Content(
            List<ModelFile> files, List<ShownPort> inputs, List<ShownPort> outputs, String unread) {

        static Content of(ModelVersion version, WorkspaceModels models) {
            List<ModelFile> files = List.of();
            try {
                files = models.models().files(version);
                Signature signature = new Signatures(models.models()).of(version);
                return new Content(
                        files, ports(signature.inputs()), ports(signature.outputs()), "");
            } catch (TrackingRefused | ModelFailed | ArtifactDamaged | ObjectStoreUnavailable e) {
                return new Content(files, List.of(), List.of(), String.valueOf(e.getMessage()));
            } catch (UserError e) {
                // All else is to be seen without the secrets of the object store.
                return new Content(files, List.of(), List.of(), e.getMessage() + ": " + e.remedy());
            }
        }

        private static List<ShownPort> ports(List<Port> ports) {
            return ports.stream().map(ShownPort::of).toList();
        }
    }

    static ShownVersion of(ModelVersion version, WorkspaceModels models) {
        int number = version.info().number();
        String runId = version.info().runId();
        Content content = Content.of(version, models);
        return new ShownVersion(
                version.modelName(),
                number,
                version.aliases(),
                Instant.ofEpochMilli(version.info().createdMillis()),
                Instant.ofEpochMilli(version.info().updatedMillis()),
                version.info().description(),
                version.info().source(),
                runId,
                Optional.ofNullable(version.tags().get(ModelVersion.GATES_TAG)),
                version.tags(),
                content.files().stream().map(ShownFile::of).toList(),
                content.inputs(),
                content.outputs(),
                content.unread(),
                runId.isEmpty() ? Optional.empty() : run(runId, models),
                models.registry().read(state -> state.model(version.modelName())).stream()
                        .flatMap(model -> moves(model).stream())
                        .filter(move -> move.version() == number)
                        .toList());
    }

    private static Optional<ShownRun> run(String id, WorkspaceModels models) {
        return models.tracking()
                .read(state ->
                        state.run(id)
                                .map(run ->
                                        ShownRun.of(
                                                run, state.experiment(run.info().experimentId()))));
    }
}
