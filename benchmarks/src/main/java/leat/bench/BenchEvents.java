package leat.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import leat.core.contract.ContractName;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;

/// The events that a benchmark sends: made beforehand by the workspace's generator, so that making
/// them costs nothing while it is measured. No two have the same identity.
final class BenchEvents {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /// As many events have a second, and as many sources.
    static final int SOURCES = 1_000;

    private static final long SEED = 42;

    private BenchEvents() {}

    /// `count` events of the generator's first contract, one JSON object each.
    static List<byte[]> of(EventGenerator generator, int count) {
        return next(generator, open(generator, START), count);
    }

    /// The next `count` events of a feed that the generator opened; a thousand are of one second.
    static List<byte[]> next(EventGenerator generator, Feed feed, int count) {
        ContractName wanted = generator.contracts().getFirst();
        List<byte[]> events = new ArrayList<>(count);
        while (events.size() < count) {
            feed.next((contract, buffer, length) -> {
                if (contract.equals(wanted) && events.size() < count) {
                    events.add(Arrays.copyOf(buffer, length));
                }
            });
        }
        return events;
    }

    /// The generator's events without end.
    static Feed open(EventGenerator generator, Instant start) {
        return generator.open(new Plan(SEED, SOURCES, SOURCES, start), Slice.WHOLE);
    }

    /// The events as NDJSON bodies of `batch` lines each; the last may be shorter.
    static List<byte[]> batches(List<byte[]> events, int batch) {
        List<byte[]> bodies = new ArrayList<>();
        for (int from = 0; from < events.size(); from += batch) {
            List<byte[]> lines = events.subList(from, Math.min(events.size(), from + batch));
            int size = lines.stream().mapToInt(line -> line.length + 1).sum();
            byte[] body = new byte[size];
            int at = 0;
            for (byte[] line : lines) {
                System.arraycopy(line, 0, body, at, line.length);
                at += line.length;
                body[at++] = '\n';
            }
            bodies.add(body);
        }
        return bodies;
    }
}
