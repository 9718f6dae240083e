package leat.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import leat.core.catalog.TrainingSet;
import leat.stream.lake.LakeUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The training sets of the lake as they were a moment ago. Each is a table whose metadata is a
/// file, so that many questions at once share one reading. For many threads.
final class RecentTrainingSets {

    static final Duration RECENT = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(RecentTrainingSets.class);

    private final Supplier<List<TrainingSet>> lake;
    private final InstantSource clock;
    private @Nullable Reading last;

    /// @param at its end: who waited for a slow one does not read again
    /// @param found empty where the lake did not answer
    private record Reading(Instant at, Optional<List<TrainingSet>> found) {}

    /// @param lake may throw [LakeUnavailable]
    RecentTrainingSets(Supplier<List<TrainingSet>> lake, InstantSource clock) {
        this.lake = lake;
        this.clock = clock;
    }

    /// The tables; empty where the lake did not answer.
    synchronized Optional<List<TrainingSet>> find() {
        @Nullable Reading reading = last;
        if (reading == null || !clock.instant().isBefore(reading.at().plus(RECENT))) {
            Optional<List<TrainingSet>> found = read();
            reading = new Reading(clock.instant(), found);
            last = reading;
        }
        return reading.found();
    }

    private Optional<List<TrainingSet>> read() {
        try {
            return Optional.of(lake.get());
        } catch (LakeUnavailable e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("The catalogue answers without training sets");
            return Optional.empty();
        }
    }
}
