package leat.stream.search;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import leat.core.event.Names;
import leat.stream.testing.SharedKafka;

/// A process that runs a search loader until a fail point halts it.
final class LoadsUntilKilled {

    private LoadsUntilKilled() {}

    /// Never returns.
    ///
    /// @param args the broker, the engine and the prefix
    public static void main(String[] args) throws InterruptedException {
        SearchSettings settings = SearchFixture.SMALL_BULKS;
        SearchLoader.start(
                new SearchLoader.Parts(
                        SharedKafka.mortal(args[0]),
                        new SearchEngine(URI.create(args[1]), settings),
                        new Names(args[2]),
                        SearchFixture.CARS,
                        settings,
                        new SearchMetrics(new PrometheusRegistry())));
        new CountDownLatch(1).await();
    }
}
