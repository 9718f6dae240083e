package leat.ml.scorer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.feature.ModelFeature;
import leat.core.odcs.OdcsReader;
import leat.ml.featurestore.SourceSearch.Event;
import leat.ml.featurestore.SourceSearch.OfFeature;
import leat.ml.scorer.ReadVectors.Use;
import leat.ml.scorer.ReadVectors.Wanted;
import org.junit.jupiter.api.Test;

final class ReadVectorsTest {

    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final Contract ORDERS =
            OdcsReader.read(
                            Path.of("orders.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: orders
                            version: 1.0.0
                            status: active
                            schema:
                              - name: order
                                properties:
                                  - {name: customer, logicalType: string}
                                  - {name: amount, logicalType: number}
                            customProperties:
                              - {property: leat.key, value: customer}
                            """)
                    .orThrow();
    private static final CompiledView SPENDING =
            view(
                    "spending",
                    """
                    entity: customer
                    source: orders
                    features:
                      - {name: amount, expression: event.amount}
                      - {name: orders, aggregate: count, windows: 1h}
                      - {name: sum, expression: event.amount, aggregate: sum, windows: 1h}
                    """,
                    List.of());
    private static final CompiledView HABITS =
            view(
                    "habits",
                    """
                    entity: customer
                    source: spending
                    where: event.orders_count_1h > 1
                    features:
                      - {name: most, expression: event.amount, aggregate: max, windows: 6h}
                      - {name: sum, expression: event.sum_sum_1h}
                    """,
                    List.of(SPENDING));
    private static final CompiledView VISITS =
            view(
                    "visits",
                    """
                    entity: customer
                    source: spending
                    features:
                      - {name: vectors, aggregate: count, windows: 6h}
                      - {name: who, expression: event.entity}
                    """,
                    List.of(SPENDING));

    private static CompiledView view(String name, String text, List<CompiledView> before) {
        return FeatureViewReader.read(
                        Path.of("features/" + name + ".yaml"),
                        text,
                        new Contracts(List.of(ORDERS)),
                        before)
                .orThrow();
    }

    private static ModelFeature feature(CompiledView view, String name) {
        return new ModelFeature(name, view, name);
    }

    private static Event event(int offset) {
        return new Event(
                new Position(TOPIC, 0, offset), offset, Optional.empty(), Optional.empty());
    }

    private static OfFeature events(List<Event> newest, List<Event> deciding) {
        return new OfFeature(newest.size(), true, newest, deciding);
    }

    private static List<String> text(List<Wanted> wanted) {
        return wanted.stream()
                .map(one ->
                        one.event().position().offset()
                                + " "
                                + one.features().stream().map(ModelFeature::feature).toList())
                .toList();
    }

    @Test
    void aVectorIsReadOnceForAllThatIsReadOfItAndThoseThatDecideComeFirst() {
        List<Use> uses =
                List.of(
                        new Use(
                                feature(HABITS, "most_max_6h"),
                                events(List.of(event(9), event(8)), List.of(event(2)))),
                        new Use(
                                feature(HABITS, "sum"),
                                events(List.of(event(9)), List.of(event(9)))));

        List<Wanted> wanted = ReadVectors.of(uses);

        assertThat(text(wanted))
                .containsExactly(
                        "2 [amount, orders_count_1h]",
                        "9 [amount, orders_count_1h, sum_sum_1h]",
                        "8 [amount, orders_count_1h]");
    }

    @Test
    void nothingIsReadOfVectorsThatCountAloneNorBehindAContract() {
        OfFeature nine = events(List.of(event(9)), List.of(event(9)));

        List<Wanted> wanted =
                ReadVectors.of(
                        List.of(
                                new Use(feature(VISITS, "vectors_count_6h"), nine),
                                new Use(feature(VISITS, "who"), nine),
                                new Use(feature(SPENDING, "amount"), nine)));

        assertThat(wanted).isEmpty();
    }

    @Test
    void thereAreNoMoreThanAHundredVectorsOfAView() {
        List<Event> many = new ArrayList<>();
        for (int offset = 1_000; offset > 0; offset--) {
            many.add(event(offset));
        }

        List<Wanted> wanted =
                ReadVectors.of(
                        List.of(
                                new Use(
                                        feature(HABITS, "most_max_6h"),
                                        events(many, List.of(event(5))))));

        assertThat(wanted).hasSize(ReadVectors.MOST);
        assertThat(wanted.getFirst().event()).isEqualTo(event(5));
        assertThat(wanted.getLast().event()).isEqualTo(event(902));
    }
}
