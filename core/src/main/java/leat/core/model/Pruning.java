package leat.core.model;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import leat.core.config.DurationText;
import leat.core.tracking.TrackingRefused;

/// Which versions of a model go, and which stay.
///
/// @param going the newest first, so that weights alone go before their base
/// @param staying by their numbers, each with why, as in "it stays: WHY"
public record Pruning(List<ModelVersion> going, SortedMap<Integer, String> staying) {

    /// What is asked for.
    ///
    /// @param needed versions that stay for reasons that the registry does not know, with the
    ///   reason
    public record Rule(Retention retention, Map<Integer, String> needed) {
        public Rule {
            needed = Map.copyOf(needed);
        }
    }

    public Pruning {
        going = List.copyOf(going);
        staying = Collections.unmodifiableSortedMap(new TreeMap<>(staying));
    }

    /// Chooses among the versions of a model.
    ///
    /// @throws TrackingRefused when there is no such model
    public static Pruning of(ModelFold state, String model, Rule rule, long nowMillis) {
        List<ModelVersion> versions = state.versions(model).reversed();
        Map<Integer, String> staying = new HashMap<>();
        byAliases(RegisteredModelCommand.existing(state, model), staying);
        rule.needed().forEach(staying::putIfAbsent);
        newestPassed(versions, staying);
        byRetention(versions, rule.retention(), nowMillis, staying);
        bySources(state, model, staying);
        byWhatStays(versions, staying);
        Set<Integer> known =
                versions.stream().map(one -> one.info().number()).collect(toUnmodifiableSet());
        staying.keySet().retainAll(known);
        return new Pruning(
                versions.stream().filter(one -> !stays(one, staying)).toList(),
                new TreeMap<>(staying));
    }

    private static boolean stays(ModelVersion version, Map<Integer, String> staying) {
        return staying.containsKey(version.info().number());
    }

    /// What aliases name, and what the next rollback of each leads to.
    private static void byAliases(RegisteredModel model, Map<Integer, String> staying) {
        model.aliases()
                .values()
                .forEach(alias -> staying.putIfAbsent(alias.version(), "it is @" + alias.name()));
        for (Alias alias : model.aliases().values()) {
            OptionalInt back = alias.back();
            if (back.isPresent()) {
                staying.putIfAbsent(
                        back.getAsInt(), "a rollback of @" + alias.name() + " leads to it");
            }
        }
    }

    /// With the newest version of each training that has passed its gates the next one is compared,
    /// and with the commit of the newest of those that were made of one.
    private static void newestPassed(List<ModelVersion> newestFirst, Map<Integer, String> staying) {
        Set<String> seen = new HashSet<>();
        for (ModelVersion version : newestFirst) {
            if (!ModelVersion.PASSED.equals(version.tags().get(ModelVersion.GATES_TAG))) {
                continue;
            }
            String training = version.tags().getOrDefault(ModelVersion.TRAINING_TAG, "");
            if (seen.add(training)) {
                staying.putIfAbsent(
                        version.info().number(), "it is the newest that has passed its gates");
            }
            if (version.tags().containsKey(ModelVersion.COMMIT_TAG)
                    && seen.add(training + " of a commit")) {
                staying.putIfAbsent(
                        version.info().number(),
                        "it is the newest of a commit that has passed its gates");
            }
        }
    }

    private static void byRetention(
            List<ModelVersion> newestFirst,
            Retention retention,
            long nowMillis,
            Map<Integer, String> staying) {
        long young = nowMillis - retention.age().toMillis();
        for (int i = 0; i < newestFirst.size(); i++) {
            VersionInfo info = newestFirst.get(i).info();
            if (i < retention.versions()) {
                staying.putIfAbsent(
                        info.number(), "it is among the newest " + retention.versions());
            } else if (info.createdMillis() > young) {
                staying.putIfAbsent(
                        info.number(), "it is younger than " + DurationText.of(retention.age()));
            }
        }
    }

    /// Versions of other models whose source is a version of this one.
    private static void bySources(ModelFold state, String model, Map<Integer, String> staying) {
        for (ModelVersion version : state.versions()) {
            if (!version.modelName().equals(model)) {
                source(version, model)
                        .ifPresent(number ->
                                staying.putIfAbsent(
                                        number, "it is the source of " + version.reference()));
            }
        }
    }

    /// What the versions that stay are made of, level by level.
    private static void byWhatStays(List<ModelVersion> newestFirst, Map<Integer, String> staying) {
        boolean more = true;
        while (more) {
            more = false;
            for (ModelVersion version : newestFirst) {
                if (stays(version, staying)) {
                    for (int number : parts(version).toList()) {
                        more |=
                                staying.putIfAbsent(number, version.reference() + " is made of it")
                                        == null;
                    }
                }
            }
        }
    }

    /// The versions of its own model that a version cannot be opened without.
    private static Stream<Integer> parts(ModelVersion version) {
        return Stream.concat(
                version.base().stream().boxed(), source(version, version.modelName()).stream());
    }

    /// The number in a source `models:/MODEL/3`.
    private static Optional<Integer> source(ModelVersion version, String model) {
        String source = version.info().source();
        if (!source.startsWith(VersionCommand.MODELS)) {
            return Optional.empty();
        }
        try {
            return ModelReference.parse(source) instanceof ModelReference.Numbered numbered
                            && numbered.modelName().equals(model)
                    ? Optional.of(numbered.version())
                    : Optional.empty();
        } catch (TrackingRefused _) {
            // It names a logged model, or nothing.
            return Optional.empty();
        }
    }
}
