package leat.core.score;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.feature.CompiledView;
import leat.core.model.Alias;
import leat.core.monitor.Recomputed;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.core.tracking.Run;
import leat.core.training.Label;
import leat.core.training.Training;
import leat.core.training.TrainingData;

/// All that is known of a model when it is judged.
///
/// @param defined what the workspace says
/// @param registered what the registry has
/// @param served what the log has of vectors and predictions
/// @param tried what was tried to find out
/// @param watched what the monitors say
public record Evidence(
        Instant now,
        ScoreRules rules,
        Defined defined,
        Registered registered,
        Served served,
        Tried tried,
        Watched watched) {

    /// What files say, and what is registered of it.
    ///
    /// @param contracts the newest registered version of each contract, by `NAME.vN`
    /// @param viewSince since when the version of the view serves; empty where it does not
    public record Defined(
            Optional<Training> training,
            Optional<Scoring> scoring,
            Map<String, String> contracts,
            Optional<Instant> viewSince) {

        public Defined {
            contracts = Map.copyOf(contracts);
        }

        /// Whose vectors the model takes: what is scored, else what is learned from; empty where
        /// that is a feature set.
        public Optional<CompiledView> view() {
            return set().isPresent()
                    ? Optional.empty()
                    : scoring.map(Scoring::view)
                            .or(() -> training.map(Training::data).map(TrainingData::view));
        }

        /// The feature set that the model takes in the place of a view.
        public Optional<String> set() {
            Optional<ContractName> set =
                    scoring.isPresent()
                            ? scoring.flatMap(Scoring::set)
                            : training.flatMap(one -> one.data().set());
            return set.map(ContractName::value);
        }

        /// The contracts that vectors and labels are made of, each once.
        public List<Contract> upstream() {
            Stream<CompiledView> views =
                    scoring.isPresent()
                            ? scoring.stream().flatMap(Scoring::views)
                            : training.stream().flatMap(one -> one.data().views().stream());
            Map<String, Contract> contracts = new LinkedHashMap<>();
            Stream.concat(
                            views.map(CompiledView::origin),
                            training.flatMap(one -> one.data().label()).stream()
                                    .map(Label::contract))
                    .forEach(one -> contracts.putIfAbsent(one.nameAndMajor(), one));
            return List.copyOf(contracts.values());
        }
    }

    /// What the registry has.
    ///
    /// @param version that is judged: the one that answers, else the newest
    /// @param all versions of the model, by their numbers
    /// @param alias of the version that answers; empty where none is
    /// @param newestRun of the training, whether it made a version or not
    public record Registered(
            Optional<Version> version,
            List<Version> all,
            Optional<Alias> alias,
            Optional<Run> newestRun) {

        public Registered {
            all = List.copyOf(all);
        }

        /// A version by its number.
        Optional<Version> version(int number) {
            return all.stream().filter(one -> one.version().info().number() == number).findFirst();
        }
    }

    /// What the log has.
    ///
    /// @param terms of the scoring, the earliest first
    /// @param vectors the newest of the view; empty where there is none
    /// @param predictions the newest of the scoring; empty where there is none
    public record Served(
            List<DatedTerm> terms,
            Optional<SeenVectors> vectors,
            Optional<SeenPredictions> predictions) {

        public Served {
            terms = List.copyOf(terms);
        }
    }

    /// A term, and when it was written.
    public record DatedTerm(Term term, Instant at) {}

    /// What was tried while the model was judged. What is empty was not tried, or could not be.
    ///
    /// @param replay of the events of the view
    public record Tried(
            Optional<Replay> replay,
            Optional<Recomputed> recomputed,
            Optional<Explained> explained) {

        /// Nothing was.
        public static final Tried NOTHING =
                new Tried(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// What a replay of the view's events gave.
    ///
    /// @param vectors that were compared bit for bit
    /// @param first where they differ first; empty where they do not
    public record Replay(String view, long events, long vectors, long differences, String first) {}

    /// A prediction that was explained.
    ///
    /// @param id of the prediction
    /// @param features that have a contribution
    /// @param failure why it could not be explained; empty where it could
    public record Explained(String id, int features, String failure) {}

    /// What the monitors say.
    ///
    /// @param alerts those that are open
    /// @param quality of the predictions, as later labels show it, the newest window first
    /// @param verdicts the newest of each rule of the model's monitoring, on the judged version
    public record Watched(
            List<OpenAlert> alerts, List<OnlineQuality> quality, List<WindowVerdict> verdicts) {

        /// Nothing is.
        public static final Watched NOTHING = new Watched(List.of(), List.of(), List.of());

        public Watched {
            alerts = List.copyOf(alerts);
            quality = List.copyOf(quality);
            verdicts = List.copyOf(verdicts);
        }
    }

    /// What a rule of the model's monitoring says of a window.
    ///
    /// @param rule `feature-drift`
    /// @param window its beginning, as people read it
    public record WindowVerdict(String rule, String window, boolean passed, String note) {}

    /// An alert that goes on.
    ///
    /// @param id `machine-state.v1:torque-range`
    /// @param of what it is about: a contract, a view or a scoring, `NAME.vN`
    /// @param rule of a model's monitoring `feature-drift` and the like, else one of a contract
    public record OpenAlert(String id, String of, String rule, String since) {}

    /// How good predictions of a version were, as later labels show it.
    ///
    /// @param version `failure-risk/3`
    /// @param window its beginning, as people read it
    /// @param metrics `precision`, `recall` and such, with the names that runs log
    /// @param rows that they are of: alarms or events, whichever are fewer
    public record OnlineQuality(
            String version, String window, Map<String, Double> metrics, long rows) {
        public OnlineQuality {
            metrics = Map.copyOf(metrics);
        }
    }
}
