package leat.core.training;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.event.Hash128;
import leat.core.feature.CompiledView;

/// What is learned from: the vectors of a view, with or without a label.
///
/// @param view whose vectors are read, as they were written
/// @param features what the model takes, in its order; numbers and booleans
/// @param nanForMissing whether a feature that a vector lacks is NaN; else the vector is left out
/// @param from the earliest query time; all when empty
/// @param last how far before the newest vector the earliest one may be; all when empty
/// @param mostRows beyond which nothing is trained
/// @param definition all that says which rows it is, in one order, whatever the file's
public record TrainingData(
        CompiledView view,
        List<String> features,
        boolean nanForMissing,
        Optional<Instant> from,
        Optional<Duration> last,
        Optional<Label> label,
        int mostRows,
        String definition) {

    public TrainingData {
        features = List.copyOf(features);
    }

    /// Differs from that of another definition.
    public String fingerprint() {
        return Hash128.of(definition).toString();
    }
}
