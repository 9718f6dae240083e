package leat.launcher;

import java.util.ArrayList;
import java.util.List;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.ViewRefused;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;

/// A workspace's feature views on their way to the log: their topics, and the memory of what each
/// version of them is.
public final class ViewRegistration {

    private final Workspace workspace;
    private final FeatureRegistry registry;

    ViewRegistration(Workspace workspace, LogConnection log) {
        this.workspace = workspace;
        this.registry = new FeatureRegistry(log, workspace.names());
    }

    /// The views, each with its source.
    public static List<FeatureFlow> flows(Workspace workspace) {
        return workspace.features().stream().map(FeatureFlow::new).toList();
    }

    /// The topics of all views.
    static List<TopicSpec> topics(Workspace workspace) {
        List<TopicSpec> topics = new ArrayList<>();
        topics.add(FeatureRegistry.topic(workspace.names()));
        flows(workspace).forEach(flow -> topics.addAll(flow.topics(workspace.names())));
        return topics;
    }

    /// Refuses a view that has run with another definition, before anything is made for it.
    ///
    /// @throws UserError with the remedy
    void refuseChanged() {
        if (workspace.features().isEmpty()) {
            return;
        }
        try {
            registry.refuseChanged(flows(workspace));
        } catch (ViewRefused e) {
            throw refusal(e);
        }
    }

    /// Registers what is new; the topics are there.
    ///
    /// @throws UserError when a view has run with another definition
    void register() {
        if (workspace.features().isEmpty()) {
            return;
        }
        try {
            registry.claim(flows(workspace));
        } catch (ViewRefused e) {
            throw refusal(e);
        }
    }

    private static UserError refusal(ViewRefused refused) {
        return new UserError(String.valueOf(refused.getMessage()), refused.remedy());
    }
}
