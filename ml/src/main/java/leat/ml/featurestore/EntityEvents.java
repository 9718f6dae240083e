package leat.ml.featurestore;

import java.util.Optional;
import leat.core.feature.Observation;
import leat.ml.featurestore.ViewEvents.Reading;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Records of a view's input as the events of one entity, read once for all of its vectors. For one
/// thread.
final class EntityEvents {

    private final String entity;
    private final ViewEvents events;
    private final EntityFilter filter;

    EntityEvents(FeatureFlow flow, String entity) {
        this.entity = entity;
        this.events = new ViewEvents(flow, (_, _) -> {});
        this.filter = new EntityFilter(flow, entity);
    }

    /// What the view takes from a record; empty where it is no event of the entity.
    ///
    /// @throws ContractOutdated when the event keeps a newer version of the contract than ours
    Optional<Observation> observation(ConsumerRecord<byte[], byte[]> record) {
        return filter.mayBeOf(record)
                        && events.read(
                                        record.value(),
                                        record.headers(),
                                        record.partition(),
                                        record.offset())
                                instanceof Reading.Seen(Observation observation)
                        && observation.entity().equals(entity)
                ? Optional.of(observation)
                : Optional.empty();
    }
}
