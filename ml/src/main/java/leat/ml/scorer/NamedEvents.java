package leat.ml.scorer;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.event.EventIdentity;
import leat.core.event.Position;
import leat.core.event.TopicId;
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

/// Names the events that the features of one prediction are made of, and where these are vectors of
/// another view, the events of what is read of them, view by view. For one thread.
final class NamedEvents {

    /// How many events of a feature are named of a vector that is an event itself.
    private static final int MOST_BEHIND = 100;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ScoredLog log;
    private final SourceSearch.Limits limits;
    private final Map<TopicId, Optional<String>> topics = new HashMap<>();
    private final List<Explanation.EventsRead> read = new ArrayList<>();
    private final List<Explanation.SourceVector> sourceVectors = new ArrayList<>();

    NamedEvents(ScoredLog log, SourceSearch.Limits limits) {
        this.log = log;
        this.limits = limits;
    }

    /// What was found.
    ///
    /// @param read what was read for each view
    /// @param features the events of each feature; nothing of one whose view has no vector
    /// @param vectors those that are events, of all views but the scored ones
    record Found(
            List<Explanation.EventsRead> read,
            Map<ModelFeature, Explanation.FeatureEvents> features,
            List<Explanation.SourceVector> vectors) {

        static final Found NOTHING = new Found(List.of(), Map.of(), List.of());

        Found {
            read = List.copyOf(read);
            features = Map.copyOf(features);
            vectors = List.copyOf(vectors);
        }
    }

    /// What is taken of one view's vector.
    ///
    /// @param value of the vector's record
    private record Part(Vector vector, JsonNode value, List<ModelFeature> taken) {
        Part {
            taken = List.copyOf(taken);
        }

        /// @param event with which it was written
        static Part of(
                CompiledView view,
                ConsumerRecord<byte[], byte[]> record,
                Position event,
                List<ModelFeature> taken) {
            JsonNode value = JSON.readTree(record.value());
            Instant time = Instant.parse(value.path(CompiledView.QUERY_TIME).asString());
            return new Part(
                    new Vector(
                            view,
                            value.path(CompiledView.ENTITY).asString(),
                            ChronoUnit.MICROS.between(Instant.EPOCH, time),
                            taken.stream().map(ModelFeature::feature).toList(),
                            new TopicPartition(record.topic(), record.partition()),
                            record.offset(),
                            event),
                    value,
                    taken);
        }
    }

    /// What of a part was found.
    private record Searched(Part part, List<OfFeature> events) {}

    /// The partition of a topic of events.
    private record Place(TopicId topic, int partition) {}

    /// Looks for the events of features, for those whose vectors were written with events of one
    /// partition at once.
    ///
    /// @param taken the features
    /// @param vectors by their views; a view may have none
    /// @throws ExplanationRefused when the views of the workspace cannot read the events
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    Found of(List<ModelFeature> taken, Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors) {
        long deadline = System.nanoTime() + limits.within().toNanos();
        List<Part> parts = parts(taken, vectors);
        int levels = parts.stream().mapToInt(part -> levels(part.vector().view())).max().orElse(1);
        List<Searched> level = searched(parts, limits.newest(), share(deadline, levels));
        Map<ModelFeature, Explanation.FeatureEvents> features = new HashMap<>();
        for (Searched one : level) {
            for (int i = 0; i < one.events().size(); i++) {
                features.put(one.part().taken().get(i), named(one.events().get(i)));
            }
        }
        for (int left = levels - 1; left > 0; left--) {
            long share = share(deadline, left);
            List<Part> behind = new ArrayList<>();
            Map<Vector, Position> positions = new HashMap<>();
            for (ReadVectors.Wanted wanted : ReadVectors.of(uses(level))) {
                behind(wanted, share)
                        .ifPresent(part -> {
                            behind.add(part);
                            positions.put(part.vector(), wanted.event().position());
                        });
            }
            level = searched(behind, Math.min(limits.newest(), MOST_BEHIND), share);
            for (Searched one : level) {
                Position position = Objects.requireNonNull(positions.get(one.part().vector()));
                sourceVectors.add(known(position, one));
            }
        }
        return new Found(read, features, sourceVectors);
    }

    /// How many topics there are from a view to the events of a contract.
    private static int levels(CompiledView view) {
        return 1 + view.sourceView().map(NamedEvents::levels).orElse(0);
    }

    /// When the next one of some equal parts of what is left of the time is over.
    private static long share(long deadline, int parts) {
        long now = System.nanoTime();
        return now + (Math.max(0, deadline - now) / parts);
    }

    private static List<Part> parts(
            List<ModelFeature> taken, Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors) {
        Map<CompiledView, List<ModelFeature>> byView = new LinkedHashMap<>();
        taken.forEach(one -> byView.computeIfAbsent(one.view(), _ -> new ArrayList<>()).add(one));
        List<Part> parts = new ArrayList<>();
        byView.forEach((view, some) -> {
            ConsumerRecord<byte[], byte[]> vector = vectors.get(view);
            if (vector != null) {
                BesideVectors.event(vector)
                        .ifPresent(event -> parts.add(Part.of(view, vector, event, some)));
            }
        });
        return parts;
    }

    private static List<ReadVectors.Use> uses(List<Searched> level) {
        return level.stream()
                .flatMap(one ->
                        Stream.iterate(0, i -> i < one.events().size(), i -> i + 1)
                                .map(i ->
                                        new ReadVectors.Use(
                                                one.part().taken().get(i), one.events().get(i))))
                .toList();
    }

    /// Reads a vector; one that is not there, or for which there is no time, is said to be unknown.
    private Optional<Part> behind(ReadVectors.Wanted wanted, long deadline) {
        Position position = wanted.event().position();
        if (System.nanoTime() - deadline > 0) {
            sourceVectors.add(unknown(wanted, Explanation.UNREAD));
            return Optional.empty();
        }
        Optional<Part> part =
                topic(position.topic())
                        .flatMap(topic -> log.record(topic, position))
                        .flatMap(record ->
                                BesideVectors.event(record)
                                        .map(event ->
                                                Part.of(
                                                        wanted.view(),
                                                        record,
                                                        event,
                                                        wanted.features())));
        if (part.isEmpty()) {
            sourceVectors.add(unknown(wanted, Explanation.DELETED));
        }
        return part;
    }

    private Optional<String> topic(TopicId id) {
        return topics.computeIfAbsent(id, one -> log.topic(new Position(one, 0, 0)));
    }

    private List<Searched> searched(List<Part> parts, int newest, long deadline) {
        Map<Place, List<Part>> places = new LinkedHashMap<>();
        for (Part part : parts) {
            Position event = part.vector().event();
            places.computeIfAbsent(
                            new Place(event.topic(), event.partition()), _ -> new ArrayList<>())
                    .add(part);
        }
        List<Searched> searched = new ArrayList<>();
        int left = places.size();
        for (Map.Entry<Place, List<Part>> place : places.entrySet()) {
            Duration within =
                    Duration.ofNanos(Math.max(0, share(deadline, left) - System.nanoTime()));
            SourceSearch search =
                    new SourceSearch(log.log(), new SourceSearch.Limits(newest, within));
            searched.addAll(searched(search, place.getKey(), place.getValue()));
            left--;
        }
        return searched;
    }

    private List<Searched> searched(SourceSearch search, Place place, List<Part> parts) {
        SourceSearch.Found found = found(search, place, parts.stream().map(Part::vector).toList());
        parts.stream()
                .map(part -> part.vector().view())
                .distinct()
                .forEach(view -> read.add(read(view, parts, found)));
        return parts.stream()
                .map(part ->
                        new Searched(
                                part, Objects.requireNonNull(found.features().get(part.vector()))))
                .toList();
    }

    private SourceSearch.Found found(SourceSearch search, Place place, List<Vector> vectors) {
        Optional<String> topic = topic(place.topic());
        if (topic.isEmpty()) {
            return SourceSearch.Found.gone(vectors);
        }
        try {
            return search.of(new TopicPartition(topic.get(), place.partition()), vectors);
        } catch (ViewRefused e) {
            throw new ExplanationRefused(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private Explanation.EventsRead read(
            CompiledView view, List<Part> parts, SourceSearch.Found found) {
        Position newest =
                parts.stream()
                        .map(Part::vector)
                        .filter(vector -> vector.view().equals(view))
                        .map(Vector::event)
                        .reduce((one, other) -> one.offset() < other.offset() ? other : one)
                        .orElseThrow();
        return new Explanation.EventsRead(
                view.view().nameAndVersion(),
                new FeatureFlow(view).input(log.names()),
                new Position(newest.topic(), newest.partition(), found.from()).toString(),
                newest.toString(),
                found.lacking().map(NamedEvents::word),
                view.sourceView().map(source -> source.view().nameAndVersion()));
    }

    private static String word(SourceSearch.Lacking lacking) {
        return switch (lacking) {
            case DELETED -> Explanation.DELETED;
            case UNREAD -> Explanation.UNREAD;
        };
    }

    private static Explanation.SourceVector known(Position position, Searched one) {
        Part part = one.part();
        Vector vector = part.vector();
        List<Explanation.FeatureValue> features = new ArrayList<>();
        for (int i = 0; i < part.taken().size(); i++) {
            features.add(
                    Explanations.feature(
                            part.taken().get(i),
                            Optional.of(part.value()),
                            Optional.empty(),
                            Optional.of(named(one.events().get(i)))));
        }
        return new Explanation.SourceVector(
                vector.view().view().nameAndVersion(),
                position.toString(),
                time(vector.queryMicros()),
                Optional.of(vector.event().toString()),
                features,
                Optional.empty());
    }

    private static Explanation.SourceVector unknown(ReadVectors.Wanted wanted, String why) {
        return new Explanation.SourceVector(
                wanted.view().view().nameAndVersion(),
                wanted.event().position().toString(),
                time(wanted.event().timeMicros()),
                Optional.empty(),
                List.of(),
                Optional.of(why));
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
                time(event.timeMicros()),
                event.identity().map(EventIdentity::id),
                event.identity().map(EventIdentity::source),
                event.event().map(Position::toString));
    }

    private static Instant time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
