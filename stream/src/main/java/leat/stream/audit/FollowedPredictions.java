package leat.stream.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.core.event.EventHeaders;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.prediction.Lineup;
import leat.core.prediction.Scoring;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.LakePositionsSource.LakeSnapshot;
import leat.stream.audit.Sighting.Place;
import org.jspecify.annotations.Nullable;

/// The way of a view's vectors through the scorer: one prediction a vector, or, of shadows, one a
/// vector and shadow that the swap record has at its position.
final class FollowedPredictions implements Followed {

    private final Names names;
    private final Scoring scoring;
    private final Contract contract;
    private final boolean ofShadows;
    private final String source;
    private final Supplier<List<Term>> swaps;

    /// By the offset from which on they are; null until they are read.
    private @Nullable Map<VectorPartition, NavigableMap<Long, Term>> terms;

    /// A partition of vectors.
    private record VectorPartition(TopicId topic, int partition) {}

    private FollowedPredictions(
            Names names,
            Scoring scoring,
            Contract contract,
            boolean ofShadows,
            Supplier<List<Term>> swaps) {
        this.names = names;
        this.scoring = scoring;
        this.contract = contract;
        this.ofShadows = ofShadows;
        this.source = scoring.source();
        this.swaps = swaps;
    }

    /// Those that answer, and those of shadows where there are any.
    ///
    /// @param swaps all terms of the scoring, read anew
    static List<FollowedPredictions> of(Names names, Scoring scoring, Supplier<List<Term>> swaps) {
        List<FollowedPredictions> all = new ArrayList<>();
        all.add(new FollowedPredictions(names, scoring, scoring.contract(), false, swaps));
        scoring.shadowContract()
                .ifPresent(shadows ->
                        all.add(new FollowedPredictions(names, scoring, shadows, true, swaps)));
        return all;
    }

    @Override
    public Contract contract() {
        return contract;
    }

    @Override
    public String rawTopic() {
        return names.vectors(scoring.view().contract());
    }

    @Override
    public String enrichedTopic() {
        return names.predictions(contract);
    }

    @Override
    public String stageGroup() {
        return names.group("scorer." + scoring.nameAndVersion());
    }

    @Override
    public Hop stageHop() {
        return Hop.SCORER;
    }

    @Override
    public Hop lakeHop() {
        return Hop.LAKE_PREDICTIONS;
    }

    @Override
    public Hop searchHop() {
        return Hop.SEARCH_PREDICTIONS;
    }

    @Override
    public String searchGroup() {
        return names.group("search." + contract.nameAndMajor());
    }

    @Override
    public Map<String, Place> outputs() {
        Map<String, Place> places = new TreeMap<>();
        places.put(enrichedTopic(), Place.ENRICHED);
        places.put(names.dead(contract, DeadStage.SEARCH), Place.REFUSED_BY_SEARCH);
        return places;
    }

    @Override
    public Optional<String> retryTopic(DeadStage sink) {
        return Optional.empty();
    }

    @Override
    public String index() {
        return names.index("predictions", contract);
    }

    /// Each vector is predicted of, whatever came before.
    @Override
    public Duration dedupeWindow() {
        return Duration.ZERO;
    }

    /// A prediction is appended after its vector, however late.
    @Override
    public boolean inRawTime() {
        return false;
    }

    @Override
    public void due(EventRecord raw, Position position, Consumer<Hash128> identities) {
        if (!raw.isVector()) {
            return;
        }
        if (!ofShadows) {
            identities.accept(Hash128.of(source, position.toString()));
            return;
        }
        term(position)
                .ifPresent(term -> {
                    for (Standing shadow : term.lineup().shadows()) {
                        identities.accept(Hash128.of(source, position + "/" + shadow.alias()));
                    }
                });
    }

    @Override
    public Optional<Offence> wrong(EventRecord output, Position raw) {
        String version = output.text(EventHeaders.MODEL).orElse("");
        boolean right =
                term(raw).map(term -> predicts(version, output, term.lineup())).orElse(false);
        return right ? Optional.empty() : Optional.of(Offence.VERSION_UNEXPECTED);
    }

    private boolean predicts(String version, EventRecord output, Lineup lineup) {
        if (ofShadows) {
            String id = output.text(EventHeaders.ID).orElse("");
            return lineup.shadows().stream()
                    .anyMatch(shadow ->
                            shadow.version().equals(version) && id.endsWith("/" + shadow.alias()));
        }
        return lineup.answering(scoring.nameAndVersion(), output.key())
                .standing()
                .version()
                .equals(version);
    }

    /// In which a vector is; empty where nobody has predicted of it yet.
    private Optional<Term> term(Position vector) {
        VectorPartition partition = new VectorPartition(vector.topic(), vector.partition());
        return Optional.ofNullable(terms().get(partition))
                .map(terms -> terms.floorEntry(vector.offset()))
                .map(Map.Entry::getValue);
    }

    /// They are read when the ends of the topics of predictions are known: a term stands in the log
    /// with the first prediction that it is about.
    private Map<VectorPartition, NavigableMap<Long, Term>> terms() {
        Map<VectorPartition, NavigableMap<Long, Term>> known = terms;
        if (known == null) {
            known = new HashMap<>();
            for (Term term : swaps.get()) {
                Position from = term.from();
                known.computeIfAbsent(
                                new VectorPartition(from.topic(), from.partition()),
                                _ -> new TreeMap<>())
                        .put(from.offset(), term);
            }
            terms = known;
        }
        return known;
    }

    @Override
    public void rows(
            LakeSnapshot snapshot,
            Map<Integer, OffsetRange> ranges,
            LakePositionsSource.RowConsumer consumer) {
        snapshot.predictions(
                ranges,
                (partition, offset, id) -> consumer.row(partition, offset, Hash128.of(source, id)));
    }
}
