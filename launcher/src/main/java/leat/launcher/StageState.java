package leat.launcher;

import leat.embedded.opensearch.NodeState;
import leat.stream.extract.ExtractionHealth;
import leat.stream.lake.LoaderHealth;
import leat.stream.log.StageHealth;
import leat.stream.search.LoaderState;

/// What one stage of a process is doing, in words that are the same for all stages.
public sealed interface StageState {

    /// It works.
    record Running() implements StageState {}

    /// It does not work, or not on everything, and goes on by itself.
    ///
    /// @param text what it is doing instead
    record Impeded(String text) implements StageState {}

    /// It ended and will not come back in this process.
    ///
    /// @param why what an operator has to do; empty when it was told to end
    record Stopped(String why) implements StageState {}

    /// `running`, or a word and why.
    default String text() {
        return switch (this) {
            case Running _ -> "running";
            case Impeded impeded -> impeded.text();
            case Stopped stopped -> "stopped: " + stopped.why();
        };
    }

    /// The state of the enricher.
    static StageState of(StageHealth health) {
        return switch (health) {
            case StageHealth.Starting _ -> new Impeded("starting");
            case StageHealth.Running running ->
                    running.ready()
                            ? new Running()
                            : new Impeded("running, but not on " + running.stopped());
            case StageHealth.Retrying retrying -> new Impeded("retrying: " + retrying.why());
            case StageHealth.Stopped stopped -> new Stopped(stopped.why());
        };
    }

    /// The state of a table's loader.
    static StageState of(LoaderHealth health) {
        return switch (health) {
            case LoaderHealth.Starting _ -> new Impeded("starting");
            case LoaderHealth.Running _ -> new Running();
            case LoaderHealth.Retrying retrying -> new Impeded("retrying: " + retrying.why());
            case LoaderHealth.Stopped stopped -> new Stopped(stopped.why());
        };
    }

    /// The state of an index's loader.
    static StageState of(LoaderState state) {
        return switch (state) {
            case LoaderState.Starting _ -> new Impeded("starting");
            case LoaderState.Running _ -> new Running();
            case LoaderState.Waiting waiting -> new Impeded("waiting: " + waiting.reason());
            case LoaderState.Stopped stopped -> new Stopped(stopped.reason());
            case LoaderState.Closed _ -> new Stopped("");
        };
    }

    /// The state of a source that is pulled from.
    static StageState of(ExtractionHealth health) {
        return switch (health) {
            case ExtractionHealth.Starting _ -> new Impeded("starting");
            case ExtractionHealth.Running _ -> new Running();
            case ExtractionHealth.Retrying retrying -> new Impeded("retrying: " + retrying.why());
            case ExtractionHealth.Stopped stopped -> new Stopped(stopped.why());
        };
    }

    /// The state of the embedded search engine.
    static StageState of(NodeState state) {
        return switch (state) {
            case NodeState.Starting _ -> new Impeded("starting");
            case NodeState.Ready _ -> new Running();
            case NodeState.Restarting restarting ->
                    new Impeded("restarting: " + restarting.reason());
            case NodeState.Failed failed -> new Stopped(failed.reason());
            case NodeState.Closed _ -> new Stopped("");
        };
    }
}
