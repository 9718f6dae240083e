package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import leat.ml.scorer.Explanation;
import leat.ml.scorer.Explanation.EventsRead;
import leat.ml.scorer.Explanation.FeatureEvents;
import leat.ml.scorer.Explanation.FeatureValue;
import leat.ml.scorer.Explanation.NamedEvent;
import leat.ml.scorer.Explanation.SourceVector;
import org.junit.jupiter.api.Test;

final class ExplainedEventsTextTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static NamedEvent event(int offset) {
        return new NamedEvent(
                "T/0@" + offset,
                NOON.plusSeconds(offset),
                Optional.of("o" + offset),
                Optional.of("/shop"),
                Optional.empty());
    }

    private static FeatureValue feature(String name, Optional<FeatureEvents> events) {
        return new FeatureValue(
                name, Optional.empty(), "count()", Optional.empty(), Optional.empty(), events);
    }

    @Test
    void whatIsReadOfVectorsStandsBesideEachWithItsEvents() {
        SourceVector known =
                new SourceVector(
                        "driving.v2",
                        "V/0@4",
                        NOON,
                        Optional.of("T/0@9"),
                        List.of(
                                new FeatureValue(
                                        "orders",
                                        Optional.of(2.0),
                                        "count()",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(
                                                new FeatureEvents(
                                                        2,
                                                        true,
                                                        List.of(event(9), event(8)),
                                                        List.of()))),
                                feature(
                                        "amount",
                                        Optional.of(
                                                new FeatureEvents(
                                                        0, false, List.of(), List.of())))),
                        Optional.empty());
        SourceVector gone =
                new SourceVector(
                        "driving.v2",
                        "V/0@3",
                        NOON,
                        Optional.empty(),
                        List.of(),
                        Optional.of(Explanation.DELETED));

        SourceVectorsText text =
                new SourceVectorsText(
                        List.of(known, gone), List.of(read(Optional.empty(), Optional.empty())));

        assertThat(text.views()).containsExactly("driving.v2");
        assertThat(Objects.requireNonNull(text.tables().get("driving.v2")).lines(200))
                .containsExactly(
                        "VECTOR  FEATURE  VALUE    EVENTS   EVENT    TIME                  ID  DECIDES",
                        "V/0@4   orders   2.00000  2        T/0@9    2026-03-01T12:00:09Z  o9",
                        "                                   T/0@8    2026-03-01T12:00:08Z  o8",
                        "        amount   none     unknown  unknown",
                        "V/0@3   deleted  unknown  unknown  unknown");
    }

    private static EventsRead read(Optional<String> lacking, Optional<String> vectorsOf) {
        return new EventsRead("spending.v1", "t.events", "T/0@3", "T/0@9", lacking, vectorsOf);
    }

    private static List<String> lines(List<FeatureValue> features, EventsRead read) {
        return new ExplainedEventsText(features, List.of(read), Set.of()).table().lines(200);
    }

    @Test
    void featuresOfTheSameEventsHaveThemOnce() {
        Optional<FeatureEvents> many =
                Optional.of(new FeatureEvents(7, true, List.of(event(9), event(8)), List.of()));
        Optional<FeatureEvents> one =
                Optional.of(new FeatureEvents(1, true, List.of(event(9)), List.of(event(9))));

        List<String> lines =
                lines(
                        List.of(
                                feature("orders_count_1h", many),
                                feature("amount", one),
                                feature("orders_sum_1h", many)),
                        read(Optional.empty(), Optional.empty()));

        assertThat(lines)
                .containsExactly(
                        "FEATURE          EVENT               TIME                  ID  DECIDES",
                        "orders_count_1h  T/0@9               2026-03-01T12:00:09Z  o9",
                        "                 T/0@8               2026-03-01T12:00:08Z  o8",
                        "                 and 5 before",
                        "amount           T/0@9               2026-03-01T12:00:09Z  o9  yes",
                        "orders_sum_1h    as orders_count_1h");
    }

    @Test
    void whatDecidesIsNamedAmongTheNewestAndBehindThem() {
        FeatureEvents largest =
                new FeatureEvents(7, true, List.of(event(9), event(8)), List.of(event(3)));
        FeatureEvents ends =
                new FeatureEvents(
                        7, true, List.of(event(9), event(8)), List.of(event(9), event(2)));

        List<String> lines =
                lines(
                        List.of(
                                feature("amount_max_1h", Optional.of(largest)),
                                feature("amount_rate_1h", Optional.of(ends))),
                        read(Optional.empty(), Optional.empty()));

        assertThat(lines)
                .containsExactly(
                        "FEATURE         EVENT                     TIME                  ID  DECIDES",
                        "amount_max_1h   T/0@9                     2026-03-01T12:00:09Z  o9",
                        "                T/0@8                     2026-03-01T12:00:08Z  o8",
                        "                and 5 before, among them",
                        "                T/0@3                     2026-03-01T12:00:03Z  o3  yes",
                        "amount_rate_1h  T/0@9                     2026-03-01T12:00:09Z  o9  yes",
                        "                T/0@8                     2026-03-01T12:00:08Z  o8",
                        "                and 5 before, among them",
                        "                T/0@2                     2026-03-01T12:00:02Z  o2  yes");
    }

    @Test
    void noEventIsSomethingElseThanAnUnknownOne() {
        Optional<FeatureEvents> none =
                Optional.of(new FeatureEvents(0, true, List.of(), List.of()));
        Optional<FeatureEvents> unknown =
                Optional.of(new FeatureEvents(0, false, List.of(), List.of()));

        assertThat(
                        lines(
                                List.of(
                                        feature("a", none),
                                        feature("b", unknown),
                                        feature("c", Optional.empty())),
                                read(Optional.of(Explanation.DELETED), Optional.empty())))
                .containsExactly(
                        "FEATURE  EVENT    TIME  ID  DECIDES",
                        "a        none",
                        "b        unknown",
                        "c        unknown");
        assertThat(List.of(none, unknown, Optional.<FeatureEvents>empty()))
                .extracting(ExplainedEventsText::count)
                .containsExactly("0", "unknown", "unknown");
        assertThat(
                        ExplainedEventsText.count(
                                Optional.of(
                                        new FeatureEvents(5, false, List.of(event(9)), List.of()))))
                .isEqualTo("5 or more");
    }

    @Test
    void whatIsNotKnownIsSaid() {
        assertThat(
                        new ExplainedEventsText(
                                        List.of(),
                                        List.of(
                                                read(
                                                        Optional.of(Explanation.UNREAD),
                                                        Optional.of("driving.v2"))),
                                        Set.of("driving.v2"))
                                .lines("10s"))
                .containsExactly(
                        "Events of spending.v1 are those in t.events from T/0@3 to T/0@9.",
                        "What stands before was not read within 10s; with a longer --within it is.",
                        "They are vectors of driving.v2; what is read of those that are named"
                                + " stands below.");
        assertThat(
                        new ExplainedEventsText(
                                        List.of(),
                                        List.of(
                                                read(
                                                        Optional.of(Explanation.DELETED),
                                                        Optional.empty())),
                                        Set.of())
                                .lines("10s"))
                .contains("What stood before is deleted by the retention of the contract.");
    }
}
