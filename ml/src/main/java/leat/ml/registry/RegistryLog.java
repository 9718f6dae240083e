package leat.ml.registry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import leat.core.event.Names;
import leat.core.model.ModelCommand;
import leat.core.model.ModelFold;
import leat.core.model.ModelRecord;
import leat.ml.fold.FoldedTopic;
import leat.ml.fold.Folding;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Models in the log.
public final class RegistryLog implements Registry, AutoCloseable {

    private final InstantSource clock;
    private final ModelRecords records;
    private final FoldedTopic<ModelFold> folded;

    /// The topics have to be there when it is asked for the first time.
    ///
    /// @param clock says when models were made and changed
    public RegistryLog(LogConnection log, Names names, InstantSource clock) {
        this.clock = clock;
        this.records = new ModelRecords(new RegistryTopics(names).models());
        this.folded =
                new FoldedTopic<>(
                        log,
                        new FoldedTopic.Place(names, RegistryTopics.MODELS, Duration.ofSeconds(10)),
                        new OfModels(records));
    }

    private record OfModels(ModelRecords records) implements Folding<ModelFold> {
        @Override
        public ModelFold empty() {
            return new ModelFold();
        }

        @Override
        public void apply(ModelFold state, ConsumerRecord<byte[], byte[]> record) {
            state.apply(records.read(record), record.offset());
        }
    }

    @Override
    public <T> T read(Function<ModelFold, T> question) {
        return folded.read(question);
    }

    @Override
    public void write(ModelCommand command) {
        folded.write(state -> {
            List<ModelRecord> decided = command.decide(state, clock.millis());
            return decided.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            outbox -> decided.forEach(record -> outbox.send(records.of(record))));
        });
    }

    @Override
    public void close() {
        folded.close();
    }
}
