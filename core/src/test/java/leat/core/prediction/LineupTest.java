package leat.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LineupTest {

    private static final int KEYS = 20_000;

    private static Standing standing(String alias, int version) {
        return new Standing(alias, "failure-risk/" + version, OptionalLong.of(7));
    }

    private static Lineup lineup(String challengers, Standing... standings) {
        Map<String, Standing> byAlias = new HashMap<>();
        for (Standing one : standings) {
            byAlias.put(one.alias(), one);
        }
        Scoring scoring =
                Scorings.scoring("outputs: {score: out}\nchallengers: [" + challengers + "]");
        return Lineup.of(scoring, byAlias).orElseThrow();
    }

    private static Set<String> keysOf(Lineup lineup, String alias) {
        Set<String> keys = new HashSet<>();
        IntStream.range(0, KEYS)
                .mapToObj(i -> "car-" + i)
                .filter(key -> lineup.answering("risk.v1", key).standing().alias().equals(alias))
                .forEach(keys::add);
        return keys;
    }

    @Test
    void nobodyPredictsWhileNobodyIsChampion() {
        Scoring scoring = Scorings.scoring("outputs: {score: out}");

        assertThat(Lineup.of(scoring, Map.of())).isEmpty();
    }

    @Test
    void aCanaryAnswersForItsShareOfTheKeys() {
        Lineup lineup =
                lineup(
                        "{alias: a, share: 10%}, {alias: b, share: 0.5%}",
                        standing("champion", 1), standing("a", 2), standing("b", 3));

        assertThat(keysOf(lineup, "a")).hasSizeBetween(KEYS * 9 / 100, KEYS * 11 / 100);
        assertThat(keysOf(lineup, "b")).hasSizeBetween(KEYS * 2 / 1000, KEYS * 8 / 1000);
        assertThat(lineup.answering("risk.v1", keysOf(lineup, "a").iterator().next()).role())
                .isEqualTo(PredictionRole.CANARY);
    }

    @Test
    void aCanaryKeepsItsKeysWhenItsShareGrowsAndItsVersionChanges() {
        Lineup small = lineup("{alias: a, share: 5%}", standing("champion", 1), standing("a", 2));
        Lineup large = lineup("{alias: a, share: 30%}", standing("champion", 2), standing("a", 3));

        assertThat(keysOf(large, "a")).containsAll(keysOf(small, "a"));
    }

    @Test
    void theKeysOfACanaryThatNobodyIsAreTheChampionsAndOfNoOther() {
        String challengers = "{alias: a, share: 20%}, {alias: b, share: 20%}";
        Lineup both =
                lineup(challengers, standing("champion", 1), standing("a", 2), standing("b", 3));
        Lineup second = lineup(challengers, standing("champion", 1), standing("b", 3));

        assertThat(keysOf(second, "a")).isEmpty();
        assertThat(keysOf(second, "b")).isEqualTo(keysOf(both, "b"));
        assertThat(keysOf(second, "champion")).containsAll(keysOf(both, "a"));
    }

    @Test
    void aShadowAnswersForNobody() {
        Lineup lineup =
                lineup("{alias: a, shadow: true}", standing("champion", 1), standing("a", 2));

        assertThat(keysOf(lineup, "champion")).hasSize(KEYS);
        assertThat(lineup.shadows()).containsExactly(standing("a", 2));
        assertThat(lineup.versions()).containsExactly("failure-risk/1", "failure-risk/2");
    }
}
