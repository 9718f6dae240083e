package leat.console;

import java.util.function.Function;
import leat.core.model.ModelCommand;
import leat.core.model.ModelFold;
import leat.core.model.ModelRecord;
import leat.ml.registry.Registry;

/// A registry without a log. Its clock stands still.
final class FoldedRegistry implements Registry {

    private final ModelFold fold = new ModelFold();
    private long position;

    @Override
    public synchronized <T> T read(Function<ModelFold, T> question) {
        return question.apply(fold);
    }

    @Override
    public synchronized void write(ModelCommand command) {
        for (ModelRecord record : command.decide(fold, 1_000)) {
            fold.apply(record, position++);
        }
    }
}
