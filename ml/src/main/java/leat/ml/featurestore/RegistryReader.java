package leat.ml.featurestore;

import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;

/// Reads the registry's topic, and on from there as often as it is asked. For one thread.
final class RegistryReader implements AutoCloseable {

    private final RegistryRecords records;
    private final SmallTopic topic;

    RegistryReader(LogConnection log, Names names) {
        this.records = new RegistryRecords(names.features());
        this.topic = SmallTopic.open(log, "leat-features", names.features());
    }

    /// What the registry holds now.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    /// @throws ViewRefused when a record cannot be read
    RegisteredViews read() {
        topic.readOn(batch -> batch.forEach(records::read));
        return records.views();
    }

    @Override
    public void close() {
        topic.close();
    }
}
