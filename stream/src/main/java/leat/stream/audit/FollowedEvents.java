package leat.stream.audit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.LakePositionsSource.LakeSnapshot;
import leat.stream.audit.Sighting.Place;

/// The way of a contract's events through the enricher.
record FollowedEvents(Names names, Contract contract) implements Followed {

    @Override
    public String rawTopic() {
        return names.raw(contract);
    }

    @Override
    public String enrichedTopic() {
        return names.enriched(contract);
    }

    @Override
    public String stageGroup() {
        return names.group("enricher");
    }

    @Override
    public Hop stageHop() {
        return Hop.ENRICHER;
    }

    @Override
    public Hop lakeHop() {
        return Hop.LAKE;
    }

    @Override
    public Hop searchHop() {
        return Hop.SEARCH;
    }

    @Override
    public String searchGroup() {
        return names.group("search." + contract.nameAndMajor());
    }

    @Override
    public Map<String, Place> outputs() {
        Map<String, Place> places = new TreeMap<>();
        places.put(enrichedTopic(), Place.ENRICHED);
        places.put(names.dead(contract, DeadStage.ENRICHER), Place.DEAD);
        places.put(names.dead(contract, DeadStage.LAKE), Place.REFUSED_BY_LAKE);
        places.put(names.dead(contract, DeadStage.SEARCH), Place.REFUSED_BY_SEARCH);
        places.put(names.retry(contract, DeadStage.LAKE), Place.BACK_TO_LAKE);
        places.put(names.retry(contract, DeadStage.SEARCH), Place.BACK_TO_SEARCH);
        return places;
    }

    @Override
    public Optional<String> retryTopic(DeadStage sink) {
        return Optional.of(names.retry(contract, sink));
    }

    @Override
    public String index() {
        return names.index("enriched", contract);
    }

    @Override
    public Duration dedupeWindow() {
        return contract.dedupeWindow();
    }

    @Override
    public boolean inRawTime() {
        return true;
    }

    @Override
    public void due(EventRecord raw, Position position, Consumer<Hash128> identities) {
        identities.accept(raw.identity(position));
    }

    @Override
    public Optional<Offence> wrong(EventRecord output, Position raw) {
        return Optional.empty();
    }

    @Override
    public void rows(
            LakeSnapshot snapshot,
            Map<Integer, OffsetRange> ranges,
            LakePositionsSource.RowConsumer consumer) {
        snapshot.rows(ranges, consumer);
    }
}
