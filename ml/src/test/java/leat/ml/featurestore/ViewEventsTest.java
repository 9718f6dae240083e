package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.event.EventHeaders;
import leat.core.event.TopicId;
import leat.core.feature.Observation;
import leat.ml.featurestore.ViewEvents.Reading;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

final class ViewEventsTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final String VECTOR =
            "{\"entity\":\"car1\",\"query_time\":\"2027-01-15T08:00:00.000001Z\",\"road\":\"A1\"}";

    private final ViewEvents events = new ViewEvents(DrivingChain.calm(1).flow(), (_, _) -> {});

    private static Headers headers(String name, String value) {
        RecordHeaders headers = new RecordHeaders();
        EventHeader.add(headers, name, value);
        return headers;
    }

    private Reading read(String value, Headers headers) {
        return events.read(value.getBytes(StandardCharsets.UTF_8), headers, 2, 9);
    }

    @Test
    void aVectorHappensAtItsQueryTime() {
        Reading read = read(VECTOR, headers(EventHeaders.VIEW, "driving.v1"));

        assertThat(read)
                .isInstanceOfSatisfying(
                        Reading.Seen.class,
                        seen -> {
                            assertThat(seen.observation().entity()).isEqualTo("car1");
                            assertThat(seen.observation().timeMicros())
                                    .isEqualTo(1_800_000_000_000_001L);
                            assertThat(seen.observation().partition()).isEqualTo(2);
                            assertThat(seen.observation().offset()).isEqualTo(9);
                        });
    }

    @Test
    void theOriginOfAVectorThatIsAnEventIsNotThatOfTheVectorMadeOfIt() {
        Headers event = headers(EventHeaders.ORIGIN, TOPIC + "/1@7");
        Observation observation = new Observation("car1", 1, 2, 9, List.of());

        assertThat(
                        new VectorWriter(DrivingChain.calm(1).flow(), TOPIC)
                                .headers(observation, event)
                                .lastHeader(EventHeaders.ORIGIN))
                .isNull();
        assertThat(
                        EventHeader.text(
                                new VectorWriter(DrivingChain.paces(1).flow(), TOPIC)
                                        .headers(observation, event),
                                EventHeaders.ORIGIN))
                .isEqualTo(TOPIC + "/1@7");
    }

    @Test
    void whatIsNoVectorIsPassedOver() {
        Headers ofView = headers(EventHeaders.VIEW, "driving.v1");

        assertThat(
                        List.of(
                                events.read(null, ofView, 0, 0),
                                read(VECTOR, headers(EventHeaders.EVENT_TIME, "1")),
                                read("{\"entity\":\"car1\"}", ofView),
                                read("no vector", ofView)))
                .hasOnlyElementsOfType(Reading.Unreadable.class)
                .contains(new Reading.Unreadable("it has no leat_view"));
    }
}
