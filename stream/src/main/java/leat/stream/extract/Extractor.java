package leat.stream.extract;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.send.ClientAccess;
import leat.stream.send.RowDelivery;

/// Sources that are read beside each other, each by a thread of its own: one that fails or is slow
/// holds up no other.
public final class Extractor implements AutoCloseable {

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL_EVERY = Duration.ofMillis(200);

    private final List<Extraction> extractions;
    private final List<Thread> threads = new ArrayList<>();

    /// Where sources are read into.
    ///
    /// @param collector the base address, e.g. `http://127.0.0.1:8080`
    /// @param access what is shown to it; asked again after a refusal
    /// @param folder where relative paths of secrets begin
    public record Place(
            LogConnection log,
            Names names,
            URI collector,
            Supplier<ClientAccess> access,
            Path folder,
            ExtractionMetrics metrics) {

        OffsetLog.Place offsets() {
            return new OffsetLog.Place(log, names, InstantSource.system());
        }
    }

    private Extractor(List<Extraction> extractions) {
        this.extractions = List.copyOf(extractions);
        for (Extraction extraction : extractions) {
            threads.add(Thread.ofPlatform().name("extract-" + extraction.name()).start(extraction));
        }
    }

    /// Pulls what the files of `extractions/` say.
    ///
    /// @param pulls by name
    /// @param contracts finds the contract that a file names
    public static Extractor pulling(
            Place place,
            Map<String, ExtractionSettings> pulls,
            Function<String, Contract> contracts) {
        List<Extraction> extractions = new ArrayList<>();
        pulls.forEach((name, settings) -> {
            Contract contract = contracts.apply(settings.contract());
            String source = "pull/" + name;
            extractions.add(
                    new Extraction(
                            new Extraction.Plan(
                                    source,
                                    contract,
                                    place.collector(),
                                    settings.every(),
                                    place.access(),
                                    true),
                            source(settings, contract, source, place.folder()),
                            place.offsets(),
                            place.metrics()));
        });
        return new Extractor(extractions);
    }

    private static Source source(
            ExtractionSettings settings, Contract contract, String source, Path folder) {
        return settings.http()
                .<Source>map(http -> new HttpSource(http, source, folder))
                .or(() ->
                        settings.jdbc().map(jdbc -> new JdbcSource(jdbc, contract, source, folder)))
                .orElseThrow();
    }

    /// Follows files of lines as they grow, until it is closed or the collector refuses.
    ///
    /// @param host tells files of several machines apart
    public static Extractor following(
            Place place, Contract contract, String host, List<Path> files) {
        List<Extraction> extractions = new ArrayList<>();
        for (Path file : files) {
            Path path = file.toAbsolutePath().normalize();
            String source = "file/" + host + "/" + contract.nameAndMajor() + "/" + path;
            extractions.add(
                    new Extraction(
                            new Extraction.Plan(
                                    source,
                                    contract,
                                    place.collector(),
                                    POLL_EVERY,
                                    place.access(),
                                    false),
                            new FollowedFile(path, source, System::nanoTime),
                            place.offsets(),
                            place.metrics()));
        }
        return new Extractor(extractions);
    }

    /// How each source is doing.
    public Map<String, ExtractionHealth> health() {
        Map<String, ExtractionHealth> health = new TreeMap<>();
        extractions.forEach(one -> health.put(one.name(), one.health()));
        return health;
    }

    /// What became of the rows that this process has delivered, by source.
    public Map<String, RowDelivery.Outcome> delivered() {
        Map<String, RowDelivery.Outcome> delivered = new TreeMap<>();
        extractions.forEach(one -> delivered.put(one.name(), one.delivered()));
        return delivered;
    }

    /// Stops reading; what was delivered has its position.
    @Override
    public void close() {
        extractions.forEach(Extraction::stop);
        try {
            for (Thread thread : threads) {
                if (!thread.join(STOP_PATIENCE)) {
                    thread.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
