package leat.ml.scoring;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import leat.core.feature.CompiledView;
import leat.core.prediction.Scoring;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.core.validate.MicrosText;
import leat.ml.featurestore.online.EntityStatus;
import leat.ml.featurestore.online.FeatureValue;
import leat.ml.featurestore.online.FoundFeatures;
import leat.ml.featurestore.online.OnlineFeature;
import leat.ml.featurestore.online.OnlineView;

/// What was found of entities, as rows that a version takes; and what is said of each entity beside
/// its prediction. An entity without what the version takes has no row.
final class EntityRows {

    private static final String STATUS = "entity_status";
    private static final String VIEW = "view";

    private final EntityFeatures taken;
    private final FoundFeatures found;
    private final List<String> features;

    /// Of each feature in the version's order, its place among what was found.
    private final int[] places;

    private final BitSet complete = new BitSet();
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<String> statuses = new ArrayList<>();
    private final List<String> times = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private EntityRows(EntityFeatures taken, FoundFeatures found) {
        this.taken = taken;
        this.found = found;
        this.features = taken.names().isEmpty() ? found.features() : taken.names();
        this.places = features.stream().mapToInt(found.features()::indexOf).toArray();
    }

    /// Makes the rows.
    ///
    /// @throws ModelFailed when a feature is a time, which no model takes
    static EntityRows of(EntityFeatures taken, FoundFeatures found) {
        EntityRows made = new EntityRows(taken, found);
        made.refuseTimes();
        MicrosText text = new MicrosText();
        for (int i = 0; i < found.size(); i++) {
            made.add(i, found.entity(i), text);
        }
        return made;
    }

    private void refuseTimes() {
        for (int i = 0; i < places.length; i++) {
            if (found.kind(places[i]) == OnlineFeature.Kind.TIME) {
                throw new ModelFailed(
                        "the feature '"
                                + features.get(i)
                                + "' of "
                                + taken.source().name()
                                + " is a time, which cannot be taken; name the version's features"
                                + " in its tag leat.features");
            }
        }
    }

    private void add(int index, FoundFeatures.Entity entity, MicrosText text) {
        OptionalLong time = entity.queryMicros();
        statuses.add(entity.status().word());
        times.add(time.isPresent() ? text.text(time.getAsLong()) : "");
        List<Object> row = new ArrayList<>(places.length);
        String failure =
                switch (entity.status()) {
                    case UNKNOWN_ENTITY -> taken.source().name() + " has no vector of it";
                    case STALE -> "its vector in " + taken.source().name() + " is stale";
                    case PRESENT, PARTIAL -> fill(row, entity.values());
                };
        failures.add(failure);
        if (failure.isEmpty()) {
            complete.set(index);
            rows.add(row);
        }
    }

    /// @return why there is no row; empty where there is one
    private String fill(List<Object> row, List<FeatureValue> values) {
        for (int i = 0; i < places.length; i++) {
            switch (values.get(places[i])) {
                case FeatureValue.Bool(boolean truth) -> row.add(truth);
                case FeatureValue.Int(long whole) -> row.add(whole);
                case FeatureValue.Real(double number) -> row.add(number);
                case FeatureValue.Text(String text) -> row.add(text);
                case FeatureValue.Time time ->
                        throw new IllegalStateException("times were refused: " + time);
                case FeatureValue.None(EntityStatus of) -> {
                    boolean mayLack =
                            taken.nanForMissing()
                                    && found.kind(places[i]) == OnlineFeature.Kind.NUMBER;
                    if (!mayLack) {
                        return "the vector has no "
                                + features.get(i)
                                + ", which the model takes"
                                + (of == EntityStatus.PRESENT ? "" : ": " + of.word());
                    }
                    row.add(Double.NaN);
                }
            }
        }
        return "";
    }

    /// The names of the features, in the version's order.
    List<String> features() {
        return features;
    }

    /// The rows of the entities that have one.
    List<List<Object>> rows() {
        return rows;
    }

    /// Which entities have a row.
    BitSet complete() {
        return complete;
    }

    /// How many entities there are.
    int size() {
        return found.size();
    }

    /// What is said beside the predictions, a value an entity.
    SequencedMap<String, Tensor> about() {
        String views =
                found.views().stream()
                        .map(OnlineView::nameAndVersion)
                        .collect(Collectors.joining(","));
        SequencedMap<String, Tensor> about = new LinkedHashMap<>();
        about.put(STATUS, texts(statuses));
        about.put(CompiledView.QUERY_TIME, texts(times));
        about.put(VIEW, texts(statuses.stream().map(_ -> views).toList()));
        about.put(Scoring.FAILURE, texts(failures));
        return about;
    }

    private static Tensor texts(List<String> values) {
        return new Tensor.Texts(Shape.of(values.size()), values);
    }
}
