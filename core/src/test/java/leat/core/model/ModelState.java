package leat.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A state with its log: decides on commands, and takes what they write.
public final class ModelState {

    private final ModelFold fold = new ModelFold();
    private final List<ModelRecord> log = new ArrayList<>();
    private long nowMillis = 1_000;

    /// The same, done.
    public ModelState with(ModelCommand command) {
        for (ModelRecord record : command.decide(fold, nowMillis++)) {
            fold.apply(record, log.size());
            log.add(record);
        }
        return this;
    }

    public ModelState withModel(String name) {
        return with(new RegisteredModelCommand.Create("id-" + name, name, "", Map.of()));
    }

    public ModelState withVersion(String id, String name) {
        return with(
                new VersionCommand.Create(
                        id, name, "mlflow-artifacts:/0/" + id, "run-" + id, "", "", "", Map.of()));
    }

    public ModelFold fold() {
        return fold;
    }

    List<ModelRecord> log() {
        return log;
    }

    /// What compaction leaves of the log, folded: of each key the last record, where it stands.
    ModelFold compacted() {
        Map<String, Integer> last = new TreeMap<>();
        for (int i = 0; i < log.size(); i++) {
            last.put(key(log.get(i)), i);
        }
        ModelFold compacted = new ModelFold();
        last.values().stream().sorted().forEach(i -> compacted.apply(log.get(i), i));
        return compacted;
    }

    private static String key(ModelRecord record) {
        return switch (record) {
            case ModelRecord.OfModel model -> "m/" + model.id();
            case ModelRecord.ModelTag tag -> "mt/" + tag.modelId() + "/" + tag.key();
            case ModelRecord.OfAlias alias -> "a/" + alias.modelId() + "/" + alias.alias();
            case ModelRecord.OfVersion version -> "v/" + version.modelId() + "/" + version.number();
            case ModelRecord.VersionTag tag ->
                    "vt/" + tag.modelId() + "/" + tag.number() + "/" + tag.key();
            case ModelRecord.OfLogged logged -> "l/" + logged.info().id();
            case ModelRecord.LoggedParam param -> "lp/" + param.loggedModelId() + "/" + param.key();
            case ModelRecord.LoggedTag tag -> "lt/" + tag.loggedModelId() + "/" + tag.key();
            case ModelRecord.OfRunModel link ->
                    "r/"
                            + link.runId()
                            + "/"
                            + link.step().isPresent()
                            + "/"
                            + link.loggedModelId();
        };
    }
}
