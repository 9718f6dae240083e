package leat.stream.search;

import io.prometheus.metrics.core.datapoints.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.failpoint.FailPoint;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;

/// Sends a batch to the engine, request by request, and sorts the answers into it.
final class BulkSender {

    private final SearchEngine engine;
    private final SearchSettings settings;
    private final SearchMetrics metrics;
    private final String contract;

    BulkSender(
            SearchEngine engine,
            SearchSettings settings,
            SearchMetrics metrics,
            ContractName contract) {
        this.engine = engine;
        this.settings = settings;
        this.metrics = metrics;
        this.contract = contract.value();
    }

    /// Sends what is open, until the engine asks for patience.
    ///
    /// @return why entries are still open; empty when none is
    /// @throws IndexGone when an index is no longer there
    Optional<String> send(LoadBatch batch) {
        while (!batch.settled()) {
            List<LoadBatch.Entry> chunk =
                    batch.take(settings.bulkRecords(), settings.bulkSize().bytes());
            List<LoadBatch.Entry> later = new ArrayList<>();
            try {
                Optional<String> wait = send(batch, chunk, later);
                batch.putBack(later);
                if (wait.isPresent()) {
                    return wait;
                }
            } catch (EngineUnavailable e) {
                batch.putBack(chunk);
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Optional<String> send(
            LoadBatch batch, List<LoadBatch.Entry> chunk, List<LoadBatch.Entry> later) {
        List<ItemResult> results;
        try {
            results = bulk(chunk);
        } catch (EngineRefused e) {
            return bisect(batch, chunk, later, e);
        }
        FailPoint.reach("search.after-bulk");
        Optional<String> wait = Optional.empty();
        for (int i = 0; i < chunk.size(); i++) {
            LoadBatch.Entry entry = chunk.get(i);
            switch (results.get(i)) {
                case ItemResult.Indexed _ -> metrics.indexed.labelValues(contract).inc();
                case ItemResult.AlreadyThere _ -> metrics.alreadyThere.labelValues(contract).inc();
                case ItemResult.Refused refused ->
                        batch.refuse(entry, reason(ReasonCode.REFUSED_BY_SEARCH, refused.reason()));
                case ItemResult.TryLater tryLater -> {
                    later.add(entry);
                    wait = Optional.of(tryLater.reason());
                }
                case ItemResult.IndexGone gone -> throw new IndexGone(gone.reason());
            }
        }
        return wait;
    }

    private List<ItemResult> bulk(List<LoadBatch.Entry> chunk) {
        List<BulkItem> items = chunk.stream().map(LoadBatch.Entry::item).toList();
        metrics.bytes
                .labelValues(contract)
                .inc(items.stream().mapToLong(BulkItem::sizeBytes).sum());
        try (Timer _ = metrics.bulkSeconds.labelValues(contract).startTimer()) {
            return engine.bulk(items);
        }
    }

    /// A request refused as a whole hides one bad document, or is too large: halves find it.
    private Optional<String> bisect(
            LoadBatch batch,
            List<LoadBatch.Entry> chunk,
            List<LoadBatch.Entry> later,
            EngineRefused refusal) {
        if (refusal.status() != 400 && refusal.status() != 413) {
            throw new EngineUnavailable(String.valueOf(refusal.getMessage()), refusal);
        }
        if (chunk.size() == 1) {
            ReasonCode code =
                    refusal.status() == 413 ? ReasonCode.TOO_LARGE : ReasonCode.REFUSED_BY_SEARCH;
            batch.refuse(chunk.getFirst(), reason(code, String.valueOf(refusal.getMessage())));
            return Optional.empty();
        }
        int middle = chunk.size() / 2;
        Optional<String> first = send(batch, chunk.subList(0, middle), later);
        Optional<String> second = send(batch, chunk.subList(middle, chunk.size()), later);
        return first.isPresent() ? first : second;
    }

    private static Reason reason(ReasonCode code, String message) {
        return new Reason(code, "", message);
    }
}
