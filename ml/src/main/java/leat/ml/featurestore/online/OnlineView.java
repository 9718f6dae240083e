package leat.ml.featurestore.online;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.event.Names;
import leat.core.feature.CompiledView;

/// What serving a view takes.
///
/// @param entity what its vectors are of, `car`
/// @param topic the compacted topic of its newest vectors
/// @param features in the vector's order
/// @param ttl for how long after its query time a vector is served; for ever when empty
public record OnlineView(
        ContractName name,
        int version,
        String entity,
        String topic,
        List<OnlineFeature> features,
        Optional<Duration> ttl) {

    public OnlineView {
        features = List.copyOf(features);
    }

    /// That of a view of the workspace.
    public static OnlineView of(Names names, CompiledView view) {
        return new OnlineView(
                view.view().name(),
                view.view().version(),
                view.view().entity(),
                names.latest(view.contract()),
                view.fields().stream().map(OnlineFeature::of).toList(),
                view.view().ttl());
    }

    /// The names of the features.
    List<String> featureNames() {
        return features.stream().map(OnlineFeature::name).toList();
    }

    /// `NAME.vN`, as in topics.
    public String nameAndVersion() {
        return name + ".v" + version;
    }
}
