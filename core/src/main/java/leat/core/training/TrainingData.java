package leat.core.training;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import leat.core.contract.ContractName;
import leat.core.event.Hash128;
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;

/// What is learned from: the vectors of a view, with or without a label; or a feature set at the
/// times of the vectors of one of its views.
///
/// @param view each of whose vectors is a row, as it was written
/// @param set whose features the model takes; empty where they are the view's own
/// @param taken what the model takes, in its order; numbers and booleans
/// @param nanForMissing whether a feature that a vector lacks is NaN; else the vector is left out
/// @param from the earliest query time; all when empty
/// @param until the query time before which rows end; no end when empty
/// @param last how far before the newest vector the earliest one may be; all when empty
/// @param mostRows beyond which nothing is trained
/// @param definition all that says which rows it is, in one order, whatever the file's
public record TrainingData(
        CompiledView view,
        Optional<ContractName> set,
        List<ModelFeature> taken,
        boolean nanForMissing,
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<Duration> last,
        Optional<Label> label,
        int mostRows,
        String definition) {

    public TrainingData {
        taken = List.copyOf(taken);
    }

    /// The features' names, in the model's order.
    public List<String> features() {
        return taken.stream().map(ModelFeature::name).toList();
    }

    /// The views that are read, each once, first the one whose vectors are rows.
    public SequencedSet<CompiledView> views() {
        SequencedSet<CompiledView> views = new LinkedHashSet<>(List.of(view));
        taken.forEach(one -> views.add(one.view()));
        return views;
    }

    /// What the model takes of a view.
    public List<ModelFeature> of(CompiledView view) {
        return taken.stream().filter(one -> one.view().equals(view)).toList();
    }

    /// Whether a query time is before the end.
    public boolean isBeforeEnd(Instant time) {
        return until.isEmpty() || time.isBefore(until.get());
    }

    /// Whether of another view a row has the vector that was written with the row's own event, as a
    /// scoring of the set gives it; else what was known at the row's time.
    public boolean isByEvent(CompiledView other) {
        return isByEvent(view, other);
    }

    static boolean isByEvent(CompiledView ofRows, CompiledView other) {
        return !other.equals(ofRows) && other.isBeside(ofRows);
    }

    /// Differs from that of another definition.
    public String fingerprint() {
        return Hash128.of(definition).toString();
    }
}
