package leat.ml.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.prediction.Lineup;
import leat.core.prediction.Standing;
import leat.core.prediction.Term;
import org.junit.jupiter.api.Test;

final class ScoredVersionsTest {

    private static final TopicId TOPIC = new TopicId("3Xb1AAAAQACAAAAAAAAAAA");

    private static Standing standing(String version) {
        return new Standing("a", version, OptionalLong.empty());
    }

    private static Term term(int partition, long offset, String champion, String... shadows) {
        return new Term(
                "failure.v1",
                new Position(TOPIC, partition, offset),
                new Lineup(
                        standing(champion),
                        List.of(),
                        List.of(shadows).stream().map(ScoredVersionsTest::standing).toList(),
                        List.of()));
    }

    @Test
    void whoeverPredictsInTheNewestTermOfAPartitionIsNeeded() {
        List<Term> terms =
                List.of(
                        term(0, 90, "risk/4", "risk/6", "other/7"),
                        term(0, 10, "risk/1"),
                        term(1, 20, "risk/2"),
                        term(1, 5, "risk/5"));

        assertThat(ScoredVersions.predicting("risk", terms))
                .isEqualTo(
                        Map.of(
                                4, "it predicts in failure.v1",
                                6, "it predicts in failure.v1",
                                2, "it predicts in failure.v1"));
    }

    @Test
    void termsOfOthersNeedNothing() {
        assertThat(ScoredVersions.predicting("risk", List.of(term(0, 1, "other/1", "none"))))
                .isEmpty();
        assertThat(ScoredVersions.predicting("risk", List.of())).isEmpty();
    }
}
