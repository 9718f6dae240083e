package leat.ml.registry;

import java.io.InputStream;
import java.util.List;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.ResolvedModel;
import leat.core.tracking.TrackingRefused;
import leat.ml.objectstore.ObjectStoreUnavailable;
import leat.stream.log.LogUnavailable;

/// Registered models for those that run them: which version is meant, and its files. Each call sees
/// everything that was written before it. For many threads.
public interface Models {

    /// The version that a reference means now, and the offset of the record that decided it, in the
    /// one partition of [RegistryTopics#models].
    ///
    /// @throws TrackingRefused when there is no such model, version or alias; the text says which
    /// @throws LogUnavailable when Kafka does not answer
    ResolvedModel resolve(ModelReference reference);

    /// The names of all models.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    List<String> names();

    /// All versions of a model, by their numbers; none where there is no such model.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    List<ModelVersion> versions(String modelName);

    /// The files of a version; none where its source has none. Of one in an object store they are
    /// those that it was registered with: the store is not asked.
    ///
    /// @throws TrackingRefused when its source is not in the log, and was in no object store that
    ///   could be asked when it was registered
    /// @throws LogUnavailable when Kafka does not answer
    List<ModelFile> files(ModelVersion version);

    /// Reads a file of a version, as [Artifacts#open] or [leat.ml.objectstore.ObjectStore#open]
    /// does.
    ///
    /// @param path below its source, e.g. `model.onnx`
    /// @throws TrackingRefused when it has no such file, or an object store has other bytes under
    ///   its name by now
    /// @throws ObjectStoreUnavailable when the object store does not say
    /// @throws LogUnavailable when Kafka does not answer
    InputStream open(ModelVersion version, String path);
}
