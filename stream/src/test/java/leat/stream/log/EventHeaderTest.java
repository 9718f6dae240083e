package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import leat.core.event.EventHeaders;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventHeaderTest {

    private static RecordHeaders timed(String text) {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, EventHeaders.EVENT_TIME, text);
        return headers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "0012",
                "1700000000123456",
                "-999999999999999999",
                "999999999999999999"
            })
    void aTimeIsUpTo18Digits(String text) {
        assertThat(EventHeader.eventMicros(timed(text))).hasValue(Long.parseLong(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "--1",
                "+1",
                "1.5",
                " 1",
                "1 ",
                "a",
                "\u0661",
                "1000000000000000000"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(EventHeader.eventMicros(timed(text))).isEmpty();
    }

    @Test
    void theLastHeaderCountsAndItMayLackAValueOrBeAbsent() {
        RecordHeaders headers = timed("1");
        EventHeader.add(headers, EventHeaders.EVENT_TIME, "2");
        RecordHeaders empty = new RecordHeaders();
        empty.add(EventHeaders.EVENT_TIME, null);

        assertThat(EventHeader.eventMicros(headers)).hasValue(2);
        assertThat(EventHeader.eventMicros(empty)).isEmpty();
        assertThat(EventHeader.eventMicros(new RecordHeaders())).isEmpty();
    }
}
