package leat.core.score;

import static leat.core.score.Phrases.count;
import static leat.core.score.Phrases.failed;
import static leat.core.score.Phrases.passed;
import static leat.core.score.Phrases.some;
import static leat.core.score.Phrases.text;
import static leat.core.score.Phrases.unknown;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.Shape;
import leat.core.model.AliasMove;
import leat.core.model.ModelVersion;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.Profile;

/// The tests of features and data.
record DataTests(Evidence evidence) {

    static final String NO_VIEW = "neither training nor scoring of models/ names a view";
    private static final String WRITE_ONE = "write training or scoring for it";

    /// A feature that moves scores by less than so much of what the strongest does is idle.
    private static final double IDLE = 0.001;

    /// A feature without which the metric is better by more than that does harm.
    private static final double HARMFUL = -0.01;

    /// From a feature's first vector to a version that answers with it.
    private static final Duration QUICK = Duration.ofDays(60);

    Finding withView(Function<CompiledView, Finding> test) {
        Evidence.Defined defined = evidence.defined();
        return defined.view()
                .map(test)
                .orElseGet(() ->
                        defined.set()
                                .map(set ->
                                        unknown(
                                                "look at each of its views",
                                                "the model takes the feature set %s, and not one"
                                                        + " view",
                                                set))
                                .orElseGet(() -> unknown(WRITE_ONE, NO_VIEW)));
    }

    private Optional<Version> version() {
        return evidence.registered().version();
    }

    Finding expectations() {
        Expected expected = new Expected(evidence);
        List<String> inputs = expected.inputs();
        if (inputs.isEmpty()) {
            return unknown(WRITE_ONE, NO_VIEW);
        }
        List<String> undescribed = expected.undescribed();
        String remedy = "write min and max in training.checks.features, or expect in the view";
        if (undescribed.size() == inputs.size()) {
            return unknown(remedy, "nothing is said of any of %s", count(inputs.size(), "feature"));
        }
        if (!undescribed.isEmpty()) {
            return failed(
                    remedy,
                    "%s of %s: nothing is said of %s",
                    count(undescribed.size(), "feature"),
                    inputs.size(),
                    some(undescribed));
        }
        Optional<String> stopped = expected.stoppedBecause();
        if (stopped.isPresent()) {
            return failed("look at what changed in the data", stopped.get());
        }
        List<String> broken =
                version().flatMap(Version::features).map(expected::broken).orElse(List.of());
        if (!broken.isEmpty()) {
            return failed(
                    "correct the bounds, or train on sound data",
                    "%s learned from data beyond the bounds: %s",
                    version().orElseThrow().reference(),
                    some(broken));
        }
        return version()
                .filter(one -> one.features().isPresent())
                .map(one ->
                        passed(
                                "bounds of %s, kept by the rows of %s (run %s)",
                                count(inputs.size(), "feature"), one.reference(), one.runId()))
                .orElseGet(() ->
                        unknown(
                                "train it with leat train",
                                "bounds of %s, and no version was trained under them",
                                count(inputs.size(), "feature")));
    }

    Finding benefit() {
        Optional<Version> found = version();
        if (found.isEmpty()) {
            return unknown("train it with leat train", "there is no version");
        }
        Version version = found.get();
        List<String> dead = version.features().map(DataTests::dead).orElse(List.of());
        if (!dead.isEmpty()) {
            return failed(
                    "remove it from features, or find out why it is so",
                    "%s learned from dead features: %s",
                    version.reference(),
                    some(dead));
        }
        SortedMap<String, Double> effects = version.metrics("effect/");
        SortedMap<String, Double> importance = version.metrics("importance/");
        List<String> unmeasured =
                version.inputs().stream().filter(input -> !effects.containsKey(input)).toList();
        if (effects.isEmpty() || !unmeasured.isEmpty()) {
            return unknown(
                    "train it with leat train",
                    "the run of %s says of no effect of %s",
                    version.reference(),
                    unmeasured.isEmpty() ? "features" : some(unmeasured));
        }
        double strongest = effects.values().stream().mapToDouble(one -> one).max().orElse(0);
        List<String> useless = new ArrayList<>();
        effects.forEach((input, effect) -> {
            double gain = importance.getOrDefault(input, 0.0);
            if (!(effect > IDLE * strongest)) {
                useless.add(text("%s moves no score (%.2g)", input, effect));
            } else if (gain < HARMFUL) {
                useless.add(text("%s makes it worse (%.3f)", input, gain));
            }
        });
        if (!useless.isEmpty()) {
            return failed(
                    "remove it from features and train again",
                    "%s: %s",
                    version.reference(),
                    some(useless));
        }
        return passed(
                "%s, shuffled one by one: each moves the scores, most %s (run %s)",
                count(effects.size(), "feature"), strongest(effects), version.runId());
    }

    private static String strongest(Map<String, Double> effects) {
        return effects.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private static List<String> dead(Profile profile) {
        List<String> dead = new ArrayList<>();
        profile.features()
                .forEach((name, seen) -> {
                    if (seen.rows() > 0 && seen.absent() == seen.rows()) {
                        dead.add(name + " is never there");
                    } else if (seen instanceof FeatureProfile.Numbers numbers
                            && numbers.values() > 1
                            && numbers.min() == numbers.max()
                            && numbers.absent() == 0) {
                        dead.add(name + " is always " + numbers.min());
                    }
                });
        return dead;
    }

    Finding cost(CompiledView view) {
        ScoreRules.Budget budget = evidence.rules().budget();
        List<String> inputs = new Expected(evidence).inputs();
        List<String> dear = new ArrayList<>();
        long most = 0;
        String dearest = "";
        for (int i = 0; i < view.fields().size(); i++) {
            String name = view.fields().get(i).name();
            long tiles = inputs.contains(name) ? tiles(view, i) : 0;
            if (tiles > most) {
                most = tiles;
                dearest = name;
            }
            if (tiles > budget.tiles()) {
                dear.add(text("%s keeps %,d tiles", name, tiles));
            }
        }
        if (!dear.isEmpty()) {
            return failed(
                    "shorten its window, widen the view's hop, or raise score.budget.tiles",
                    "%s of an entity, %,d may be kept",
                    some(dear),
                    budget.tiles());
        }
        Optional<SeenVectors> vectors = evidence.served().vectors();
        if (vectors.isEmpty() || vectors.get().delayMillis().isEmpty()) {
            return unknown("let the features stage run", "no vector shows how long features take");
        }
        Duration delay = Duration.ofMillis(vectors.get().delayMillis().getAsLong());
        String waited =
                text(
                        "99 of 100 of the newest %s vectors came within %s, to %s",
                        vectors.get().count(), Phrases.time(delay), vectors.get().position());
        return delay.compareTo(budget.delay()) > 0
                ? failed(
                        "make the view cheaper, run more of the features stage, or raise"
                                + " score.budget.delay",
                        "%s, %s is allowed",
                        waited,
                        Phrases.time(budget.delay()))
                : passed("at most %,d tiles (%s); %s", most, dearest, waited);
    }

    /// How many tiles of an entity a feature needs. Of exact windows an event a second is assumed.
    private static long tiles(CompiledView view, int feature) {
        Shape shape = view.shape();
        return switch (shape.outputs().get(feature)) {
            case Shape.Newest _ -> 1;
            case Shape.Window window -> {
                long hop = view.view().isExact() ? 1_000_000 : shape.hopMicros();
                yield Math.max(1, window.windowMicros() / hop);
            }
        };
    }

    Finding rules(CompiledView view) {
        List<String> wrong = new ArrayList<>();
        FeatureView definition = view.view();
        if (definition.owner().isEmpty()) {
            wrong.add("the view " + definition.nameAndVersion() + " has no owner");
        }
        if (definition.description().isEmpty()) {
            wrong.add("the view " + definition.nameAndVersion() + " has no description");
        }
        Set<String> known = new LinkedHashSet<>();
        view.fields().stream().map(Field::name).forEach(known::add);
        List<String> inputs = new Expected(evidence).inputs();
        inputs.stream()
                .filter(input -> !known.contains(input))
                .forEach(input -> wrong.add(input + " is in no view of the workspace"));
        for (Contract contract : evidence.defined().upstream()) {
            if (contract.lifecycle().isDeprecated()) {
                wrong.add(
                        "the contract " + contract.nameAndMajor() + " is " + contract.lifecycle());
            } else if (!evidence.defined().contracts().containsKey(contract.nameAndMajor())) {
                wrong.add("the contract " + contract.nameAndMajor() + " is not registered");
            }
        }
        version()
                .map(one -> one.tag(ModelVersion.VIEW_TAG))
                .filter(of -> !of.isEmpty() && !of.equals(definition.nameAndVersion()))
                .ifPresent(of ->
                        wrong.add("the version takes " + of + ", which the workspace has not"));
        return wrong.isEmpty()
                ? passed(
                        "%s of %s, whose owner is %s, made of registered, active contracts",
                        count(inputs.size(), "feature"),
                        definition.nameAndVersion(),
                        definition.owner().orElse(""))
                : failed("correct features/ and contracts/, then train again", some(wrong));
    }

    Finding privacy(CompiledView view) {
        List<String> classified = Sensitive.classified(view.origin());
        if (classified.isEmpty()) {
            return unknown(
                    "classify its fields: public, internal, confidential or restricted",
                    "the contract %s says of no field how it is to be kept",
                    view.origin().nameAndMajor());
        }
        Sensitive sensitive = new Sensitive(view);
        List<String> open = new ArrayList<>();
        int fields = 0;
        for (String input : new Expected(evidence).inputs()) {
            for (FieldPath path : sensitive.fields(input)) {
                fields++;
                sensitive
                        .unprotected(path)
                        .ifPresent(word -> open.add(input + " is made of " + path + ", " + word));
            }
        }
        for (FieldPath path : sensitive.ofEvents()) {
            sensitive
                    .unprotected(path)
                    .ifPresent(word -> open.add("vectors name " + path + ", " + word));
        }
        return open.isEmpty()
                ? passed(
                        "%s of %s: none is made of what is to be kept, or it is protected",
                        count(fields, "source field"), view.origin().nameAndMajor())
                : failed(
                        "protect the field by an entry of leat.enrich, or leave it out",
                        some(open));
    }

    Finding newFeatures(CompiledView view) {
        Optional<Instant> since = evidence.defined().viewSince();
        Optional<AliasMove> move =
                since.flatMap(at ->
                        evidence.registered()
                                .alias()
                                .flatMap(alias -> first(alias.moves(), view, at)));
        if (since.isEmpty() || move.isEmpty()) {
            return unknown(
                    "let features and scorer run, and promote a version",
                    since.isEmpty()
                            ? "the view " + view.view().nameAndVersion() + " does not serve"
                            : "no version with its features answers");
        }
        Instant at = Instant.ofEpochMilli(move.get().atMillis());
        Duration took = Duration.between(since.get(), at);
        String what =
                text(
                        "from the first vector of %s to version %d that answers with it: %s",
                        view.view().nameAndVersion(), move.get().version(), Phrases.time(took));
        return took.compareTo(QUICK) > 0
                ? failed(
                        "train and promote soon after a view has changed",
                        "%s, %s is quick",
                        what,
                        Phrases.time(QUICK))
                : passed(what);
    }

    /// The first move to a version that says it takes the view's features, since they are served.
    private Optional<AliasMove> first(List<AliasMove> moves, CompiledView view, Instant since) {
        return moves.reversed().stream()
                .filter(move -> move.atMillis() >= since.toEpochMilli())
                .filter(move ->
                        evidence.registered()
                                .version(move.version())
                                .map(one -> one.tag(ModelVersion.VIEW_TAG))
                                .filter(of -> of.equals(view.view().nameAndVersion()))
                                .isPresent())
                .findFirst();
    }

    Finding code() {
        return evidence.tried()
                .replay()
                .map(replay -> {
                    if (replay.differences() > 0) {
                        return failed(
                                "see leat features verify " + replay.view(),
                                "a replay of %,d events of %s differs in %,d of %,d vectors, first"
                                        + " at %s",
                                replay.events(),
                                replay.view(),
                                replay.differences(),
                                replay.vectors(),
                                replay.first());
                    }
                    return replay.vectors() == 0
                            ? unknown(
                                    "let the features stage run",
                                    "%s has no vectors to compare",
                                    replay.view())
                            : passed(
                                    "a replay of %,d events of %s gives its %,d vectors bit for"
                                            + " bit",
                                    replay.events(), replay.view(), replay.vectors());
                })
                .orElseGet(() ->
                        unknown(
                                "ask without --quick, while the features stage runs",
                                "its features were not replayed"));
    }
}
