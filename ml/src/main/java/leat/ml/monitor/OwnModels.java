package leat.ml.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import leat.core.event.Names;
import leat.core.monitor.Recomputed;
import leat.core.prediction.Scoring;
import leat.ml.registry.Models;
import leat.ml.scorer.Recomputation;
import leat.ml.scoring.RegisteredModels;
import leat.stream.log.LogConnection;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Makes predictions again by versions that it has open itself: those that the last window of a
/// scoring is of, and no others, so that versions that predict no more take no memory.
final class OwnModels implements Remaking, AutoCloseable {

    private final Names names;
    private final Models models;
    private final Duration timeout;
    private final Admin admin;
    private final RegisteredModels open;
    private final LastVersions last = new LastVersions();

    /// Opens nothing before it is asked for.
    ///
    /// @param models stays open when this is closed
    /// @param timeout of one run of a model
    OwnModels(LogConnection log, Names names, Models models, Duration timeout) {
        this.names = names;
        this.models = models;
        this.timeout = timeout;
        this.admin = log.admin();
        this.open = new RegisteredModels(models);
    }

    @Override
    public Map<String, Recomputed> again(
            LogReader reader, Scoring scoring, List<ConsumerRecord<byte[], byte[]>> predictions) {
        Map<String, Recomputed> again =
                new Recomputation(reader, admin, names, models, open, timeout)
                        .of(scoring, predictions);
        last.next(scoring.nameAndVersion(), again.keySet()).forEach(open::closeOf);
        return again;
    }

    @Override
    public void close() {
        open.close();
        admin.close(Duration.ZERO);
    }
}
