package leat.ml.scorer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import leat.core.event.EventIdentity;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.SourceSearch;
import leat.ml.featurestore.SourceSearch.OfFeature;
import leat.ml.featurestore.SourceSearch.Vector;
import leat.ml.featurestore.ViewRefused;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Names the events that the features of one prediction are made of.
final class NamedEvents {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ScoredLog log;
    private final SourceSearch search;

    NamedEvents(ScoredLog log, SourceSearch.Limits limits) {
        this.log = log;
        this.search = new SourceSearch(log.log(), limits);
    }

    /// What was found.
    ///
    /// @param read what was read for each view
    /// @param features the events of each feature; nothing of one whose view has no vector
    record Found(
            List<Explanation.EventsRead> read,
            Map<ModelFeature, Explanation.FeatureEvents> features) {

        static final Found NOTHING = new Found(List.of(), Map.of());

        Found {
            read = List.copyOf(read);
            features = Map.copyOf(features);
        }
    }

    /// What is taken of one view's vector.
    private record Part(Vector vector, List<ModelFeature> taken) {}

    /// Looks for the events of features, for those of several views whose vectors were written with
    /// one event at once.
    ///
    /// @param taken the features
    /// @param vectors by their views; a view may have none
    /// @throws ExplanationRefused when the views of the workspace cannot read the events
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    Found of(List<ModelFeature> taken, Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors) {
        List<Explanation.EventsRead> read = new ArrayList<>();
        Map<ModelFeature, Explanation.FeatureEvents> features = new HashMap<>();
        parts(taken, vectors)
                .forEach((event, parts) -> {
                    SourceSearch.Found found =
                            found(event, parts.stream().map(Part::vector).toList());
                    for (Part part : parts) {
                        read.add(read(part.vector().view(), event, found));
                        features.putAll(named(part, found));
                    }
                });
        return new Found(read, features);
    }

    /// By the events with which the vectors were written.
    private static Map<Position, List<Part>> parts(
            List<ModelFeature> taken, Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors) {
        Map<CompiledView, List<ModelFeature>> byView = new LinkedHashMap<>();
        taken.forEach(one -> byView.computeIfAbsent(one.view(), _ -> new ArrayList<>()).add(one));
        Map<Position, List<Part>> parts = new LinkedHashMap<>();
        byView.forEach((view, some) -> {
            ConsumerRecord<byte[], byte[]> vector = vectors.get(view);
            if (vector != null) {
                BesideVectors.event(vector)
                        .ifPresent(event ->
                                parts.computeIfAbsent(event, _ -> new ArrayList<>())
                                        .add(new Part(vector(view, vector, some), some)));
            }
        });
        return parts;
    }

    private static Map<ModelFeature, Explanation.FeatureEvents> named(
            Part part, SourceSearch.Found found) {
        List<OfFeature> events = Objects.requireNonNull(found.features().get(part.vector()));
        Map<ModelFeature, Explanation.FeatureEvents> named = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            named.put(part.taken().get(i), named(events.get(i)));
        }
        return named;
    }

    private static Vector vector(
            CompiledView view, ConsumerRecord<byte[], byte[]> record, List<ModelFeature> features) {
        JsonNode vector = JSON.readTree(record.value());
        return new Vector(
                view,
                vector.path(CompiledView.ENTITY).asString(),
                ChronoUnit.MICROS.between(
                        Instant.EPOCH,
                        Instant.parse(vector.path(CompiledView.QUERY_TIME).asString())),
                features.stream().map(ModelFeature::feature).toList(),
                new TopicPartition(record.topic(), record.partition()),
                record.offset());
    }

    private SourceSearch.Found found(Position event, List<Vector> vectors) {
        Optional<String> topic = log.topic(event);
        if (topic.isEmpty()) {
            return SourceSearch.Found.gone(event, vectors);
        }
        try {
            return search.of(new TopicPartition(topic.get(), event.partition()), event, vectors);
        } catch (ViewRefused e) {
            throw new ExplanationRefused(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private Explanation.EventsRead read(
            CompiledView view, Position event, SourceSearch.Found found) {
        return new Explanation.EventsRead(
                view.view().nameAndVersion(),
                new FeatureFlow(view).input(log.names()),
                new Position(event.topic(), event.partition(), found.from()).toString(),
                event.toString(),
                found.lacking().map(NamedEvents::word),
                view.sourceView().map(source -> source.view().nameAndVersion()));
    }

    private static String word(SourceSearch.Lacking lacking) {
        return switch (lacking) {
            case DELETED -> Explanation.DELETED;
            case UNREAD -> Explanation.UNREAD;
        };
    }

    private static Explanation.FeatureEvents named(OfFeature found) {
        return new Explanation.FeatureEvents(
                found.count(),
                found.complete(),
                found.newest().stream().map(NamedEvents::named).toList(),
                found.deciding().stream().map(NamedEvents::named).toList());
    }

    private static Explanation.NamedEvent named(SourceSearch.Event event) {
        return new Explanation.NamedEvent(
                event.position().toString(),
                Instant.EPOCH.plus(event.timeMicros(), ChronoUnit.MICROS),
                event.identity().map(EventIdentity::id),
                event.identity().map(EventIdentity::source),
                event.event().map(Position::toString));
    }
}
