package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void readsTheEventTimesThatItWrites() {
        EventTimes times =
                new EventTimes(-5, 1_700_000_000_000L, 10, List.of(4L, 3L, 2L, 1L, 0L, 0L));
        PositionMark mark = new PositionMark(TOPIC, Optional.of(new Counts(10, 2, 30, times)));

        assertThat(mark)
                .hasToString(
                        TOPIC
                                + " passed=10 dead=2 duplicates=30 watermark=-5"
                                + " appended=1700000000000 timed=10 late=4,3,2,1,0,0");
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
        assertThat(
                        PositionMark.parse(
                                TOPIC
                                        + " passed=1 dead=1 duplicates=1 watermark=1 appended=1"
                                        + " timed=1 late=1"))
                .isEmpty();
        assertThat(PositionMark.parse("x passed=1 dead=1 duplicates=1")).isEmpty();
    }
}
