package leat.ml.scorer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import leat.core.contract.FieldPath;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.Lineage;
import leat.core.feature.ModelFeature;
import leat.ml.featurestore.SourceSearch.Event;
import leat.ml.featurestore.SourceSearch.OfFeature;

/// Which vectors are read on where events of features are vectors of another view, and what of
/// them: the features that the expression and the conditions of a feature read. Those that decide a
/// value come first, then the newest.
final class ReadVectors {

    /// How many vectors of one view there are at most.
    static final int MOST = 100;

    private ReadVectors() {}

    /// A feature with events that were found.
    record Use(ModelFeature feature, OfFeature events) {}

    /// A vector of which features are read.
    ///
    /// @param view whose vector it is
    /// @param event which it is
    /// @param features in the view's order
    record Wanted(CompiledView view, Event event, List<ModelFeature> features) {
        Wanted {
            features = List.copyOf(features);
        }
    }

    private record Key(CompiledView view, Position position) {}

    private record Reads(Event event, Set<String> features) {}

    /// @param uses of features of any views; those of views of a contract are passed over
    static List<Wanted> of(List<Use> uses) {
        Map<Key, Reads> reads = new LinkedHashMap<>();
        add(reads, uses, OfFeature::deciding);
        add(reads, uses, OfFeature::newest);
        List<Wanted> wanted = new ArrayList<>();
        reads.forEach((key, read) ->
                wanted.add(
                        new Wanted(
                                key.view(),
                                read.event(),
                                ModelFeature.of(key.view()).stream()
                                        .filter(one -> read.features().contains(one.feature()))
                                        .toList())));
        return wanted;
    }

    private static void add(
            Map<Key, Reads> reads, List<Use> uses, Function<OfFeature, List<Event>> which) {
        for (Use use : uses) {
            use.feature()
                    .view()
                    .sourceView()
                    .ifPresent(source ->
                            add(reads, source, which.apply(use.events()), read(use.feature())));
        }
    }

    private static void add(
            Map<Key, Reads> reads, CompiledView source, List<Event> events, Set<String> features) {
        if (features.isEmpty()) {
            return;
        }
        for (Event event : events) {
            Key key = new Key(source, event.position());
            long ofView = reads.keySet().stream().filter(one -> one.view() == source).count();
            if (reads.containsKey(key) || ofView < MOST) {
                reads.computeIfAbsent(key, _ -> new Reads(event, new LinkedHashSet<>()))
                        .features()
                        .addAll(features);
            }
        }
    }

    /// The features of the source's vectors that decide whether and how one counts.
    private static Set<String> read(ModelFeature feature) {
        CompiledView view = feature.view();
        Lineage lineage = view.lineage();
        List<String> names =
                view.view().features().stream().map(FeatureView.Feature::name).toList();
        Set<String> read = new LinkedHashSet<>();
        add(read, lineage.where());
        add(read, lineage.features().get(names.indexOf(feature.feature())));
        return read;
    }

    private static void add(Set<String> read, List<FieldPath> fields) {
        for (FieldPath field : fields) {
            String name = field.toString();
            if (!name.equals(CompiledView.ENTITY) && !name.equals(CompiledView.QUERY_TIME)) {
                read.add(name);
            }
        }
    }
}
