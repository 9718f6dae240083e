package leat.core.prediction;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leat.core.event.Hash128;

/// Which versions predict, and which of them answers for whom.
///
/// @param canaries in the order of their keys
/// @param features that all of them are given, in this order
public record Lineup(
        Standing champion, List<Canary> canaries, List<Standing> shadows, List<String> features) {

    public Lineup {
        canaries = List.copyOf(canaries);
        shadows = List.copyOf(shadows);
        features = List.copyOf(features);
    }

    /// Who answers for the keys whose part is at least `from` and below `to`.
    public record Canary(Standing standing, int from, int to) {}

    /// Who answers for a key.
    public record Answering(Standing standing, PredictionRole role) {}

    /// The line-up of a scoring; empty while nobody is champion. The keys of a canary that nobody
    /// is are the champion's.
    ///
    /// @param standings by alias, of those that mean a version
    public static Optional<Lineup> of(Scoring scoring, Map<String, Standing> standings) {
        Standing champion = standings.get(scoring.champion());
        if (champion == null) {
            return Optional.empty();
        }
        List<Canary> canaries = new ArrayList<>();
        List<Standing> shadows = new ArrayList<>();
        int from = 0;
        for (Challenger challenger : scoring.challengers()) {
            Optional<Standing> standing = Optional.ofNullable(standings.get(challenger.alias()));
            switch (challenger) {
                case Challenger.Canary(String _, int share) -> {
                    int begin = from;
                    standing.ifPresent(one -> canaries.add(new Canary(one, begin, begin + share)));
                    from += share;
                }
                case Challenger.Shadow _ -> standing.ifPresent(shadows::add);
            }
        }
        return Optional.of(new Lineup(champion, canaries, shadows, scoring.features()));
    }

    /// Who answers for an entity; always the same one in one line-up, and a canary whose share
    /// grows keeps those that it had.
    public Answering answering(String scoring, String entity) {
        if (!canaries.isEmpty()) {
            int part = part(scoring, entity);
            for (Canary canary : canaries) {
                if (part >= canary.from() && part < canary.to()) {
                    return new Answering(canary.standing(), PredictionRole.CANARY);
                }
            }
        }
        return new Answering(champion, PredictionRole.CHAMPION);
    }

    /// Where a key lies among [Challenger#PARTS]; other keys are first in other scorings.
    static int part(String scoring, String entity) {
        return (int) Long.remainderUnsigned(Hash128.of(scoring, entity).high(), Challenger.PARTS);
    }

    /// The versions of all places, each once.
    public Set<String> versions() {
        Set<String> versions = new LinkedHashSet<>();
        standings().forEach(standing -> versions.add(standing.version()));
        return versions;
    }

    /// All places, the champion first.
    public List<Standing> standings() {
        List<Standing> all = new ArrayList<>();
        all.add(champion);
        canaries.forEach(canary -> all.add(canary.standing()));
        all.addAll(shadows);
        return all;
    }
}
