package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import leat.core.event.TopicId;
import org.junit.jupiter.api.Test;

final class PositionMarkTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");

    @Test
    void readsWhatItWrites() {
        PositionMark mark = new PositionMark(TOPIC, Optional.of(new Counts(10, 2, 30)));

        assertThat(mark).hasToString(TOPIC + " passed=10 dead=2 duplicates=30");
        assertThat(PositionMark.parse(mark.toString())).contains(mark);
    }

    @Test
    void readsThePositionsOfAVersionThatDidNotCount() {
        assertThat(PositionMark.parse(TOPIC.value()))
                .contains(new PositionMark(TOPIC, Optional.empty()));
    }

    @Test
    void takesNoOtherMetadataForAMark() {
        assertThat(PositionMark.parse("")).isEmpty();
        assertThat(PositionMark.parse("somebody's")).isEmpty();
        assertThat(PositionMark.parse(TOPIC + " passed=1")).isEmpty();
        assertThat(PositionMark.parse("x passed=1 dead=1 duplicates=1")).isEmpty();
    }
}
