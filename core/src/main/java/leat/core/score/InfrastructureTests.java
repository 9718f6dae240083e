package leat.core.score;

import static leat.core.score.Phrases.count;
import static leat.core.score.Phrases.failed;
import static leat.core.score.Phrases.passed;
import static leat.core.score.Phrases.text;
import static leat.core.score.Phrases.unknown;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import leat.core.model.Alias;
import leat.core.model.AliasMove;
import leat.core.model.ModelVersion;
import leat.core.score.Evidence.DatedTerm;
import leat.core.tracking.RunStatus;
import leat.core.training.TrainingCommand;

/// The tests of the machinery that makes and serves a model.
record InfrastructureTests(Evidence evidence) {

    /// So far the exported model's scores may be from those of the one that was learned.
    private static final double EXPORT = 1e-4;

    /// So many predictions may have no values.
    private static final double FAILED = 0.05;

    /// A rollback is known to work for so long.
    private static final Duration DRILLED = Duration.ofDays(90);

    /// From the command to the first prediction of the old version.
    private static final Duration ROLLED_BACK = Duration.ofSeconds(5);

    Finding withVersion(Function<Version, Finding> test) {
        return evidence.registered()
                .version()
                .map(test)
                .orElseGet(() -> unknown(ModelTests.TRAIN, ModelTests.NO_VERSION));
    }

    /// Compares all pairs of versions that come from the same; those of the judged version's
    /// definition count.
    Finding reproducible(Version judged) {
        String definition = judged.tag(ModelVersion.DEFINITION_TAG);
        List<Version> candidates =
                evidence.registered().all().stream()
                        .filter(one -> one.origin().isPresent() && !sha256(one).isEmpty())
                        .filter(one -> one.tag(ModelVersion.DEFINITION_TAG).equals(definition))
                        .toList();
        Optional<Finding> same = Optional.empty();
        for (int i = 0; i < candidates.size(); i++) {
            for (int j = i + 1; j < candidates.size(); j++) {
                Version one = candidates.get(i);
                Version other = candidates.get(j);
                if (one.origin().equals(other.origin())) {
                    if (!one.file().equals(other.file())) {
                        return failed(
                                "look for what else the training depends on",
                                "%s and %s have the same rows, definition and seed, and other bytes"
                                        + " (%s, %s)",
                                one.reference(),
                                other.reference(),
                                shortened(one),
                                shortened(other));
                    }
                    same =
                            Optional.of(
                                    passed(
                                            "%s and %s have the same rows, definition and seed, and"
                                                    + " the same bytes (%s)",
                                            one.reference(), other.reference(), shortened(one)));
                }
            }
        }
        return same.orElseGet(() ->
                unknown(
                        "leat train NAME --data-of " + judged.runId(),
                        "no two versions come from the same rows, definition and seed"));
    }

    private static String sha256(Version version) {
        return version.file().map(Version.File::sha256).orElse("");
    }

    private static String shortened(Version version) {
        return sha256(version).substring(0, 12);
    }

    Finding specification(Version version) {
        OptionalDouble difference = version.metric("export/largest_difference");
        if (difference.isEmpty()) {
            return unknown(
                    version.tag("leat.algorithm").equals(TrainingCommand.NAME)
                            ? "have the command write its own model's scores to LEAT_SCORES"
                            : ModelTests.TRAIN,
                    "the run of %s has not compared the exported model",
                    version.reference());
        }
        if (!(difference.getAsDouble() <= EXPORT)) {
            return failed(
                    "do not serve it, and report the algorithm",
                    "the exported model of %s differs by %.2g from the one that was learned",
                    version.reference(),
                    difference.getAsDouble());
        }
        double rows = version.metric("training/rows").orElse(0);
        double chance = version.metric("training/positives").orElse(0) / Math.max(1, rows);
        OptionalDouble learned = version.metric("training/average_precision");
        if (learned.isPresent() && !(learned.getAsDouble() > chance)) {
            return failed(
                    "correct features, label or parameters",
                    "%s has learned nothing: average precision %.4f on its own rows, by chance"
                            + " %.4f",
                    version.reference(),
                    learned.getAsDouble(),
                    chance);
        }
        return passed(
                "the exported model gives the learned one's scores of %,.0f rows, at most %.2g"
                        + " apart%s (run %s)",
                version.metric("export/rows").orElse(0),
                difference.getAsDouble(),
                learned.isPresent()
                        ? text(
                                "; average precision %.4f on its own rows, by chance %.4f",
                                learned.getAsDouble(), chance)
                        : "",
                version.runId());
    }

    Finding pipeline(Version version) {
        if (version.run().filter(run -> run.info().status() == RunStatus.FINISHED).isEmpty()
                || version.tag(ModelVersion.DATASET_TAG).isEmpty()) {
            return unknown(
                    ModelTests.TRAIN,
                    "%s was not made of the log by a run that came to its end",
                    version.reference());
        }
        Optional<SeenPredictions> found = evidence.served().predictions();
        if (found.isEmpty() || found.get().ofVersion() == 0) {
            return unknown(
                    "promote it, and let the scorer run",
                    "the newest predictions have none of %s",
                    version.reference());
        }
        SeenPredictions seen = found.get();
        return seen.failed() > FAILED * seen.ofVersion()
                ? failed(
                        "see why in the field failure of the predictions",
                        "%,d of the newest %,d predictions of %s have no values",
                        seen.failed(),
                        seen.ofVersion(),
                        version.reference())
                : passed(
                        "run %s, its data set %s, %s, its newest %,d predictions, to %s",
                        version.runId(),
                        version.tag(ModelVersion.DATASET_TAG).substring(0, 8),
                        version.reference(),
                        seen.ofVersion(),
                        seen.newest());
    }

    Finding gates(Version version) {
        String verdict = version.tag(ModelVersion.GATES_TAG);
        String results = version.tag(ModelVersion.GATE_RESULTS_TAG);
        if (verdict.equals(ModelVersion.FAILED)) {
            return failed(
                    "roll back to a version that has passed",
                    "%s has not passed its gates: %s",
                    version.reference(),
                    results);
        }
        Optional<AliasMove> overruled =
                evidence.registered()
                        .alias()
                        .map(Alias::newest)
                        .filter(move -> !move.against().isEmpty());
        if (overruled.isPresent()) {
            return failed(
                    "promote a version against which nothing speaks",
                    "what spoke against version %s was overruled: %s",
                    overruled.get().version(),
                    overruled.get().against());
        }
        return verdict.equals(ModelVersion.PASSED) && !results.isEmpty()
                ? passed("%s passed before it was promoted: %s", version.reference(), results)
                : unknown(
                        "write gates and train again",
                        "%s was judged by no gate",
                        version.reference());
    }

    Finding explanation(Version version) {
        Optional<Evidence.Explained> found = evidence.tried().explained();
        if (found.isEmpty()) {
            return unknown(
                    "promote it, and let the scorer run",
                    "there is no prediction of %s to explain",
                    version.reference());
        }
        Evidence.Explained explained = found.get();
        return explained.failure().isEmpty() && explained.features() > 0
                ? passed(
                        "leat models explain %s says what %s added",
                        explained.id(), count(explained.features(), "feature"))
                : failed(
                        "see leat models explain " + explained.id(),
                        "%s cannot be explained: %s",
                        explained.id(),
                        explained.failure().isEmpty()
                                ? "no feature has a contribution"
                                : explained.failure());
    }

    Finding canary(Version version) {
        List<DatedTerm> terms = evidence.served().terms();
        String name = version.reference();
        Optional<DatedTerm> answers =
                terms.stream()
                        .filter(term -> term.term().lineup().champion().version().equals(name))
                        .findFirst();
        if (answers.isEmpty()) {
            return unknown("promote it, and let the scorer run", "%s answers for nobody", name);
        }
        Instant since = answers.get().at();
        Optional<DatedTerm> tried =
                terms.stream()
                        .filter(term -> term.at().isBefore(since))
                        .filter(term -> term.term().lineup().versions().contains(name))
                        .findFirst();
        if (tried.isPresent()) {
            return passed(
                    "%s was tried from %s on (%s) and answers from %s on (%s)",
                    name,
                    tried.get().term().from(),
                    tried.get().at(),
                    answers.get().term().from(),
                    since);
        }
        boolean first = terms.stream().noneMatch(term -> term.at().isBefore(since));
        String remedy =
                "let it predict beside the champion first: scoring.challengers, with share or"
                        + " shadow";
        return first
                ? unknown(remedy, "%s is the first version that answered", name)
                : failed(
                        remedy,
                        "%s answers from %s on and was not tried before",
                        name,
                        answers.get().term().from());
    }

    Finding rollback() {
        Optional<Alias> found = evidence.registered().alias();
        if (found.isEmpty()) {
            return unknown("promote a version", "no alias points to a version");
        }
        Alias alias = found.get();
        OptionalInt back = alias.back();
        if (back.isPresent()
                && evidence.registered()
                        .version(back.getAsInt())
                        .flatMap(Version::file)
                        .isEmpty()) {
            return failed(
                    "promote a version that is whole, so that there is a way back",
                    "@%s leads back to version %d, whose model is not in the log",
                    alias.name(),
                    back.getAsInt());
        }
        Optional<AliasMove> drill =
                alias.moves().stream()
                        .filter(move -> move.kind() == AliasMove.Kind.BACK)
                        .filter(move ->
                                Instant.ofEpochMilli(move.atMillis())
                                        .isAfter(evidence.now().minus(DRILLED)))
                        .findFirst();
        return drill.map(move -> drilled(alias, move))
                .orElseGet(() ->
                        unknown(
                                "try it: leat models rollback, then leat models promote",
                                "@%s was not rolled back within %s",
                                alias.name(),
                                Phrases.time(DRILLED)));
    }

    private Finding drilled(Alias alias, AliasMove move) {
        Instant at = Instant.ofEpochMilli(move.atMillis());
        Optional<Instant> next =
                alias.moves().stream()
                        .map(other -> Instant.ofEpochMilli(other.atMillis()))
                        .filter(other -> other.isAfter(at))
                        .min(Instant::compareTo);
        List<DatedTerm> after =
                evidence.served().terms().stream()
                        .filter(term -> !term.at().isBefore(at))
                        .filter(term -> next.isEmpty() || !term.at().isAfter(next.get()))
                        .toList();
        Optional<DatedTerm> old =
                after.stream()
                        .filter(term ->
                                term.term()
                                        .lineup()
                                        .champion()
                                        .version()
                                        .endsWith("/" + move.version()))
                        .findFirst();
        String what =
                text("@%s was rolled back to version %d at %s", alias.name(), move.version(), at);
        if (old.isEmpty()) {
            return after.isEmpty() && evidence.served().terms().isEmpty()
                    ? unknown("let the scorer run and try it again", "%s, and nothing scores", what)
                    : failed(
                            "see that the scorer runs, and try it again while vectors come",
                            "%s, and no prediction of that version followed",
                            what);
        }
        Duration took = Duration.between(at, old.get().at());
        String effect =
                text(
                        "%s, its first prediction came %s later, of %s",
                        what, Phrases.time(took), old.get().term().from());
        return took.compareTo(ROLLED_BACK) > 0
                ? failed(
                        "try it again while vectors come",
                        "%s; %s is allowed",
                        effect,
                        Phrases.time(ROLLED_BACK))
                : passed(effect);
    }
}
