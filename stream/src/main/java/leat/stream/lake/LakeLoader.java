package leat.stream.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.contract.Contract.TimePartitioning;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.validate.Validator;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads the enriched events and the dead letters of all contracts, and the vectors of all feature
/// views, into the lake. Several processes may run one each: the groups share the partitions out,
/// and the positions inside the tables decide who has loaded what.
public final class LakeLoader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LakeLoader.class);

    private final Admin admin;
    private final List<TableLoader> loaders;

    private LakeLoader(Admin admin, List<TableLoader> loaders) {
        this.admin = admin;
        this.loaders = List.copyOf(loaders);
    }

    /// Where the loader works.
    public record Place(LogConnection log, Names names, LakeCatalog catalog) {}

    /// Starts the loaders with the contracts' own validators as parsers.
    ///
    /// @throws TableRefused when a table cannot follow its contract
    public static LakeLoader start(
            Place place, LakeLoaderSettings settings, Collection<Contract> contracts) {
        return start(place, settings, contracts, List.of(), List.of());
    }

    /// Starts the loaders of contracts and views alone.
    ///
    /// @param vectors the contracts of the feature views' vectors
    /// @throws TableRefused when a table cannot follow its contract or view
    public static LakeLoader start(
            Place place,
            LakeLoaderSettings settings,
            Collection<Contract> contracts,
            Collection<Contract> vectors) {
        return start(place, settings, contracts, vectors, List.of());
    }

    /// Starts the loaders with the contracts' own validators as parsers.
    ///
    /// @param vectors the contracts of the feature views' vectors
    /// @param predictions the contracts of what is predicted of them
    /// @throws TableRefused when a table cannot follow its contract or view
    public static LakeLoader start(
            Place place,
            LakeLoaderSettings settings,
            Collection<Contract> contracts,
            Collection<Contract> vectors,
            Collection<Contract> predictions) {
        return start(
                place,
                settings,
                contracts,
                vectors,
                predictions,
                contract -> Validator.forEnriched(contract)::validate);
    }

    /// Makes or evolves the tables, which must be possible, and starts a loader for each.
    ///
    /// @throws TableRefused when a table cannot follow its contract
    public static LakeLoader start(
            Place place,
            LakeLoaderSettings settings,
            Collection<Contract> contracts,
            EventParser.Factory parsers) {
        return start(place, settings, contracts, List.of(), List.of(), parsers);
    }

    private static LakeLoader start(
            Place place,
            LakeLoaderSettings settings,
            Collection<Contract> contracts,
            Collection<Contract> vectors,
            Collection<Contract> predictions,
            EventParser.Factory parsers) {
        LakeTables tables = new LakeTables(place.catalog());
        for (Contract contract : contracts) {
            tables.apply(tables.plan(contract));
        }
        tables.apply(vectors.stream().map(tables::planVectors).toList());
        tables.apply(predictions.stream().map(tables::planPredictions).toList());
        Admin admin = place.log().admin();
        List<TableLoader> loaders = new ArrayList<>();
        for (Contract contract : contracts) {
            EventParser parser = parsers.apply(contract);
            loaders.add(
                    new TableLoader(
                            enriched(place, tables, contract, parser),
                            place.log(),
                            admin,
                            settings));
            loaders.add(
                    new TableLoader(dead(place, tables, contract), place.log(), admin, settings));
        }
        for (Contract view : vectors) {
            loaders.add(
                    new TableLoader(
                            vectors(place, tables, view, parsers.apply(view)),
                            place.log(),
                            admin,
                            settings));
        }
        for (Contract scoring : predictions) {
            loaders.add(
                    new TableLoader(
                            predictions(place, tables, scoring, parsers.apply(scoring)),
                            place.log(),
                            admin,
                            settings));
        }
        loaders.forEach(TableLoader::start);
        return new LakeLoader(admin, loaders);
    }

    /// How each table's loader is doing, by `contract.vN-enriched`, `contract.vN-dead` and
    /// `view.vN-vectors` and `scoring.vN-predictions`.
    public Map<String, LoaderHealth> health() {
        Map<String, LoaderHealth> health = new TreeMap<>();
        loaders.forEach(loader -> health.put(loader.source().label(), loader.health()));
        return health;
    }

    /// The tables that are loaded. Of all instances the one that leads in a table cares for it.
    List<TableLoader> tables() {
        return loaders;
    }

    private static TableSource enriched(
            Place place, LakeTables tables, Contract contract, EventParser parser) {
        String topic = place.names().enriched(contract);
        String retryTopic = place.names().retry(contract, Names.DeadStage.LAKE);
        String deadTopic = place.names().dead(contract, Names.DeadStage.LAKE);
        return new TableSource(
                contract.nameAndMajor(),
                "enriched",
                () -> tables.enriched(contract),
                List.of(topic, retryTopic),
                place.names().group("lake." + contract.nameAndMajor()),
                contract.lake().partitioning(),
                (schema, _) -> new EnrichedDecoder(contract, parser, schema),
                topics ->
                        new LakeDeadLetters(
                                place.log(),
                                "lake-" + contract.nameAndMajor(),
                                deadTopic,
                                topics,
                                retryTopic));
    }

    private static TableSource dead(Place place, LakeTables tables, Contract contract) {
        Map<String, String> stages = new HashMap<>();
        for (Names.DeadStage stage : Names.DeadStage.values()) {
            stages.put(place.names().dead(contract, stage), stage.word());
        }
        return new TableSource(
                contract.nameAndMajor(),
                "dead",
                () -> tables.dead(contract),
                stages.keySet().stream().sorted().toList(),
                place.names().group("lake-dead." + contract.nameAndMajor()),
                TimePartitioning.DAY,
                (_, topics) -> new DeadDecoder(deadTopics(stages, topics)),
                _ -> new LoggingSink());
    }

    private static TableSource vectors(
            Place place, LakeTables tables, Contract view, EventParser parser) {
        return new TableSource(
                view.nameAndMajor(),
                "vectors",
                () -> tables.vectors(view),
                List.of(place.names().vectors(view)),
                place.names().group("lake-vectors." + view.nameAndMajor()),
                view.lake().partitioning(),
                (schema, _) -> new VectorDecoder(view, parser, schema),
                _ -> new LoggingSink());
    }

    /// Predictions are laid out as vectors are.
    private static TableSource predictions(
            Place place, LakeTables tables, Contract scoring, EventParser parser) {
        return new TableSource(
                scoring.nameAndMajor(),
                "predictions",
                () -> tables.vectors(scoring),
                List.of(place.names().predictions(scoring)),
                place.names().group("lake-predictions." + scoring.nameAndMajor()),
                scoring.lake().partitioning(),
                (schema, _) -> new VectorDecoder(scoring, parser, schema),
                _ -> new LoggingSink());
    }

    private static Map<String, DeadDecoder.DeadTopic> deadTopics(
            Map<String, String> stages, Map<String, TopicId> topics) {
        Map<String, DeadDecoder.DeadTopic> dead = new HashMap<>();
        topics.forEach((name, id) -> {
            String stage = stages.get(name);
            if (stage != null) {
                dead.put(name, new DeadDecoder.DeadTopic(stage, id));
            }
        });
        return dead;
    }

    /// A dead letter or a vector that its table cannot take is counted and logged, never dead
    /// (again).
    private static final class LoggingSink implements TableSource.CloseableSink {
        @Override
        public void keep(Collection<Append.Refusal> refusals) {
            for (Append.Refusal refusal : refusals) {
                LOG.atError()
                        .addKeyValue("topic", refusal.record().topic())
                        .addKeyValue("partition", refusal.record().partition())
                        .addKeyValue("offset", refusal.record().offset())
                        .addKeyValue("reasons", refusal.reasons())
                        .log("The lake cannot take a record");
            }
        }

        @Override
        public void forget() {}

        @Override
        public void close() {}
    }

    /// Commits what is read and stops all loaders.
    @Override
    public void close() {
        loaders.forEach(TableLoader::stop);
        loaders.forEach(TableLoader::close);
        admin.close();
    }
}
