package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import leat.core.catalog.OnlineReader;
import leat.core.catalog.OnlineReaders;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.core.feature.NamedSets;
import leat.core.yaml.NearestName;
import leat.ml.featurestore.online.FeaturesRefused.Kind;
import tools.jackson.core.io.JsonStringEncoder;

/// Answers what the features of entities are, in JSON or value by value, and counts who asks.
public final class FeatureQueries {

    /// So many entities may be asked for at once.
    public static final int MAX_ENTITIES = 1_000;

    /// An answer may have so many bytes.
    public static final int MAX_ANSWER_BYTES = 8 << 20;

    /// Of a workspace without views.
    public static final FeatureQueries NONE =
            new FeatureQueries(List.of(), OnlineStore.NONE, InstantSource.system());

    private static final String ANONYMOUS = "anonymous";
    private static final int EXPECTED_BYTES = 1 << 10;
    private static final String ENTITY = "{\"entity\":";
    private static final String STATUS = ",\"status\":";
    private static final String QUERY_TIME = ",\"query_time\":";
    private static final String NO_TIME = ",\"query_time\":null,";
    private static final String END = "]}";

    private final Map<String, Served> versions = new HashMap<>();

    /// By the names of views; other threads may put another version in.
    private final Map<String, Served> serving = new ConcurrentHashMap<>();

    /// By the names of views, in their order.
    private final Map<String, Askers> askers = new LinkedHashMap<>();

    private final Map<String, ServedSet> sets = new TreeMap<>();
    private final OnlineStore store;
    private final InstantSource clock;

    /// @param views versions; of several of a view the first serves under its name
    /// @param store was opened with the views
    public FeatureQueries(List<OnlineView> views, OnlineStore store, InstantSource clock) {
        this(views, List.of(), store, clock);
    }

    /// @param sets of features of these views
    /// @param store was opened with the views
    public FeatureQueries(
            List<OnlineView> views, List<FeatureSet> sets, OnlineStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        for (OnlineView view : views) {
            String name = view.name().value();
            Served served = new Served(view, askers.computeIfAbsent(name, _ -> new Askers()));
            serving.putIfAbsent(name, served);
            versions.put(view.nameAndVersion(), served);
        }
        sets.forEach(set -> this.sets.put(set.name().value(), new ServedSet(set, new Askers())));
    }

    /// Lets another version serve under its view's name.
    ///
    /// @param view one of those that were given
    public void serve(OnlineView view) {
        serving.put(view.name().value(), served(view.nameAndVersion()));
    }

    /// What is asked.
    ///
    /// @param view its name, or `NAME.vN`
    /// @param features names; none means all
    /// @param by the name of who asks
    public record Question(String view, List<String> entities, List<String> features, String by) {
        public Question {
            entities = List.copyOf(entities);
            features = List.copyOf(features);
        }

        /// Of somebody whose name is not known.
        public Question(String view, List<String> entities, List<String> features) {
            this(view, entities, features, ANONYMOUS);
        }
    }

    /// What is asked of a set.
    ///
    /// @param features names of the set; none means all
    /// @param by the name of who asks
    public record SetQuestion(String set, List<String> entities, List<String> features, String by) {
        public SetQuestion {
            entities = List.copyOf(entities);
            features = List.copyOf(features);
        }

        /// Of somebody whose name is not known.
        public SetQuestion(String set, List<String> entities, List<String> features) {
            this(set, entities, features, ANONYMOUS);
        }
    }

    /// A set with those who ask for it.
    private record ServedSet(FeatureSet set, Askers askers) {}

    /// A view with what its answers have in common.
    private static final class Served {
        private final OnlineView view;
        private final Askers askers;
        private final List<String> features;
        private final Members members;
        private final Selection all;
        private final String head;

        /// @param askers of all versions of the view
        Served(OnlineView view, Askers askers) {
            this.view = view;
            this.askers = askers;
            this.features = view.featureNames();
            this.members = new Members(features);
            this.all = Selection.all(features);
            this.head =
                    "{\"view\":\""
                            + view.name()
                            + "\",\"version\":"
                            + view.version()
                            + ",\"entities\":[";
        }

        Selection selection(List<String> wanted) {
            return wanted.isEmpty() ? all : all.of(chosen(wanted));
        }

        /// The names of those that are wanted, all for none, in the view's order.
        List<String> names(List<String> wanted) {
            return wanted.isEmpty()
                    ? features
                    : IntStream.of(chosen(wanted)).mapToObj(features::get).toList();
        }

        private int[] chosen(List<String> wanted) {
            Set<String> left = new LinkedHashSet<>(wanted);
            int[] chosen =
                    IntStream.range(0, features.size())
                            .filter(index -> left.remove(features.get(index)))
                            .toArray();
            for (String unknown : left) {
                throw new FeaturesRefused(
                        Kind.UNKNOWN_FEATURE,
                        "the view " + view.name() + " has no feature '" + unknown + "'",
                        NearestName.remedy(unknown, features));
            }
            return chosen;
        }
    }

    /// The answer as one JSON object. An entity of which nothing is known is part of it.
    ///
    /// @throws FeaturesRefused when there is no such view or feature, or too much is asked for
    /// @throws OnlineUnavailable when the store cannot say what it holds
    public byte[] answer(Question question) {
        Served served = served(question.view());
        int count = question.entities().size();
        refuseTooMany(count);
        Selection selection = served.selection(question.features());
        List<Optional<StoredVector>> vectors = store.vectors(served.view, question.entities());
        long oldestMicros = oldestMicros(served.view);
        AnswerBytes out =
                new AnswerBytes(EXPECTED_BYTES + expectedBytes(vectors), MAX_ANSWER_BYTES);
        try {
            out.write(served.head);
            for (int i = 0; i < count; i++) {
                if (i > 0) {
                    out.write(',');
                }
                String entity = question.entities().get(i);
                vectors.get(i)
                        .ifPresentOrElse(
                                vector ->
                                        write(
                                                vector,
                                                vector.queryMicros() < oldestMicros,
                                                served.members,
                                                selection,
                                                out),
                                () -> writeUnknown(entity, selection, out));
            }
            byte[] answer = out.write(END).toByteArray();
            served.askers.count(question.by(), clock.millis());
            return answer;
        } catch (AnswerBytes.TooLarge e) {
            throw refused(e);
        }
    }

    /// The answer for a set, as one JSON object. An entity of which nothing is known is part of it.
    ///
    /// @throws FeaturesRefused when there is no such set or feature, or too much is asked for
    /// @throws OnlineUnavailable when the store cannot say what it holds
    public byte[] answer(SetQuestion question) {
        ServedSet served = set(question.set());
        FeatureSet set = served.set();
        List<Member> members = members(set, question.features());
        FoundVectors vectors = vectors(members, question.entities());
        long expected =
                vectors.sources().stream()
                        .mapToLong(source -> expectedBytes(source.vectors()))
                        .sum();
        AnswerBytes out =
                new AnswerBytes(
                        (int) Math.min(expected + EXPECTED_BYTES, MAX_ANSWER_BYTES),
                        MAX_ANSWER_BYTES);
        try {
            new SetAnswer(set.name(), names(members), vectors).write(question.entities(), out);
            byte[] answer = out.toByteArray();
            served.askers().count(question.by(), clock.millis());
            return answer;
        } catch (AnswerBytes.TooLarge e) {
            throw refused(e);
        }
    }

    /// The answer value by value.
    ///
    /// @throws FeaturesRefused when there is no such view or feature, or too much is asked for
    /// @throws OnlineUnavailable when the store cannot say what it holds
    public FoundFeatures find(Question question) {
        Served served = served(question.view());
        refuseTooMany(question.entities().size());
        List<String> names = served.names(question.features());
        List<Member> members =
                names.stream().map(name -> new Member(name, question.view(), name)).toList();
        FoundVectors.Source source = source(question.view(), served, question.entities());
        served.askers.count(question.by(), clock.millis());
        return new FoundFeatures(
                names, question.entities(), new FoundVectors(members, List.of(source)));
    }

    /// The answer for a set, value by value.
    ///
    /// @throws FeaturesRefused when there is no such set or feature, or too much is asked for
    /// @throws OnlineUnavailable when the store cannot say what it holds
    public FoundFeatures find(SetQuestion question) {
        ServedSet served = set(question.set());
        List<Member> members = members(served.set(), question.features());
        FoundVectors vectors = vectors(members, question.entities());
        served.askers().count(question.by(), clock.millis());
        return new FoundFeatures(names(members), question.entities(), vectors);
    }

    /// Who has asked since the process started. What was refused does not count; a question for a
    /// set counts for the set and not for its views.
    public OnlineReaders readers() {
        Map<String, List<OnlineReader>> ofViews = new HashMap<>();
        askers.forEach((view, asking) -> ofViews.put(view, asking.readers()));
        Map<String, List<OnlineReader>> ofSets = new HashMap<>();
        sets.forEach((set, served) -> ofSets.put(set, served.askers().readers()));
        return new OnlineReaders(ofViews, ofSets);
    }

    /// What the vectors of a view are of, `car`.
    ///
    /// @param view its name, or `NAME.vN`
    /// @throws FeaturesRefused when there is no such view
    public String entityOfView(String view) {
        return served(view).view.entity();
    }

    /// What the features of a set are of, `car`.
    ///
    /// @throws FeaturesRefused when there is no such set
    public String entityOfSet(String set) {
        return set(set).set().entity();
    }

    private ServedSet set(String name) {
        ServedSet served = sets.get(name);
        if (served == null) {
            throw new FeaturesRefused(
                    Kind.UNKNOWN_SET,
                    "there is no feature set '" + name + "'",
                    new NamedSets(sets.values().stream().map(ServedSet::set).toList())
                            .remedy(name));
        }
        return served;
    }

    private static List<String> names(List<Member> members) {
        return members.stream().map(Member::name).toList();
    }

    private FoundVectors vectors(List<Member> members, List<String> entities) {
        refuseTooMany(entities.size());
        List<FoundVectors.Source> sources =
                members.stream()
                        .map(Member::view)
                        .distinct()
                        .map(name -> source(name, served(name), entities))
                        .toList();
        FoundVectors found = new FoundVectors(members, sources);
        refuseMissing(members, found);
        return found;
    }

    private static List<Member> members(FeatureSet set, List<String> names) {
        if (names.isEmpty()) {
            return set.members();
        }
        List<String> known = set.names();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new FeaturesRefused(
                        Kind.UNKNOWN_FEATURE,
                        "the set " + set.name() + " has no feature '" + name + "'",
                        NearestName.remedy(name, known));
            }
        }
        return set.members().stream().filter(member -> names.contains(member.name())).toList();
    }

    private FoundVectors.Source source(String view, Served served, List<String> entities) {
        return new FoundVectors.Source(
                view,
                served.view,
                served.members,
                store.vectors(served.view, entities),
                oldestMicros(served.view));
    }

    /// The version that serves may be an older one than the set is made of.
    private static void refuseMissing(List<Member> members, FoundVectors found) {
        for (int i = 0; i < members.size(); i++) {
            if (found.place(i) < 0) {
                throw new OnlineUnavailable(
                        "the version that serves, "
                                + found.sources().get(found.source(i)).view().nameAndVersion()
                                + ", has no feature '"
                                + members.get(i).feature()
                                + "'",
                        "wait until the newer one has taken over; leat features backfill tells"
                                + " how far it is");
            }
        }
    }

    private static void refuseTooMany(int entities) {
        if (entities > MAX_ENTITIES) {
            throw new FeaturesRefused(
                    Kind.TOO_MANY,
                    entities + " entities are asked for, " + MAX_ENTITIES + " may be",
                    "ask for them in parts");
        }
    }

    private static FeaturesRefused refused(AnswerBytes.TooLarge tooLarge) {
        return new FeaturesRefused(
                Kind.TOO_LARGE,
                String.valueOf(tooLarge.getMessage()),
                "ask for fewer entities at once, or name the features that are needed");
    }

    private Served served(String name) {
        Served served = versions.getOrDefault(name, serving.get(name));
        if (served == null) {
            throw new FeaturesRefused(
                    Kind.UNKNOWN_VIEW,
                    "there is no feature view '" + name + "'",
                    askers.isEmpty()
                            ? "write one, features/NAME.yaml: the workspace has none"
                            : NearestName.remedy(name, askers.keySet()));
        }
        return served;
    }

    /// Query times before this one are too old.
    private long oldestMicros(OnlineView view) {
        return view.ttl()
                .map(ttl -> ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant().minus(ttl)))
                .orElse(Long.MIN_VALUE);
    }

    private static int expectedBytes(List<Optional<StoredVector>> vectors) {
        long bytes = 0;
        for (Optional<StoredVector> vector : vectors) {
            bytes += vector.map(found -> found.stored().length).orElse(0) + EXPECTED_BYTES / 4;
        }
        return (int) Math.min(bytes, MAX_ANSWER_BYTES - EXPECTED_BYTES);
    }

    private static void write(
            StoredVector vector,
            boolean stale,
            Members members,
            Selection selection,
            AnswerBytes out) {
        byte[] json = vector.stored();
        int[] places = members.places(json, StoredVector.jsonStart());
        EntityStatus status = stale ? EntityStatus.STALE : EntityStatus.PRESENT;
        out.write(ENTITY);
        out.write(json, places[2 * Members.ENTITY], places[2 * Members.ENTITY + 1]);
        out.write(STATUS).write(status.json()).write(QUERY_TIME);
        out.write(json, places[2 * Members.QUERY_TIME], places[2 * Members.QUERY_TIME + 1]);
        out.write(',');
        if (stale) {
            selection.writeNone(status, out);
        } else {
            selection.write(json, places, out);
        }
        out.write('}');
    }

    /// A text as JSON has it, without its quotes.
    static byte[] json(String text) {
        // JSON can spell half of a surrogate pair; UTF-8 cannot.
        String wellFormed = new String(text.getBytes(UTF_8), UTF_8);
        return JsonStringEncoder.getInstance().quoteAsUTF8(wellFormed);
    }

    private static void writeUnknown(String entity, Selection selection, AnswerBytes out) {
        out.write(ENTITY).write('"').write(json(entity));
        out.write('"').write(STATUS).write(EntityStatus.UNKNOWN_ENTITY.json()).write(NO_TIME);
        selection.writeNone(EntityStatus.UNKNOWN_ENTITY, out);
        out.write('}');
    }
}
