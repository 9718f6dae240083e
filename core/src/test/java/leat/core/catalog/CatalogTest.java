package leat.core.catalog;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {

    private static final Contract READINGS =
            OdcsReader.read(
                            Path.of("readings.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: readings
                            version: 1.2.0
                            status: active
                            description: {purpose: What cars send}
                            schema:
                              - name: readings
                                properties:
                                  - {name: car, logicalType: string, required: true}
                                  - {name: speed, logicalType: number, description: Speed in m/s}
                                  - {name: braking, logicalType: boolean}
                                  - {name: spread, logicalType: number}
                                  - name: wheel
                                    logicalType: object
                                    properties:
                                      - {name: pressure, logicalType: number, classification: internal}
                                      - {name: age, logicalType: integer}
                            customProperties:
                              - {property: leat.key, value: car}
                              - property: leat.enrich
                                value:
                                  - {field: spread, expression: event.speed * event.wheel.pressure}
                            """)
                    .orThrow();

    private static final Contracts CONTRACTS = new Contracts(List.of(READINGS));

    private static final CompiledView DRIVING =
            view(
                    "driving",
                    """
                    version: 2
                    description: How a car is driven
                    owner: Fleet Analytics
                    tags: [maintenance, style]
                    entity: car
                    source: readings
                    where: has(event.speed)
                    hop: exact
                    ttl: 1d
                    features:
                      - name: speed
                        description: Speed in km/h
                        expression: event.speed * 3.6
                        aggregate: mean
                        windows: [60m]
                        where: event.braking
                      - {name: pressure, expression: event.wheel.pressure}
                    """);

    private static final CompiledView TRIPS =
            view(
                    "trips",
                    """
                    entity: car
                    source: readings
                    features:
                      - {name: readings, aggregate: count, windows: 1h}
                    """);

    private static final CompiledView STYLE =
            FeatureViewReader.read(
                            Path.of("style.yaml"),
                            """
                            entity: car
                            source: driving
                            features:
                              - {name: pace, expression: event.speed_mean_1h, aggregate: max, windows: 1d}
                              - {name: tyre, expression: event.pressure}
                            """,
                            CONTRACTS,
                            List.of(DRIVING))
                    .orThrow();

    private static final FeatureSet BREAKDOWN =
            FeatureSetReader.read(
                            Path.of("breakdown.yaml"),
                            """
                            owner: models
                            tags: model
                            entity: car
                            features:
                              - {view: trips, names: readings_count_1h}
                              - {view: driving.v2, names: pressure, rename: {pressure: tyre}}
                            """,
                            List.of(DRIVING, TRIPS))
                    .orThrow();

    private final Catalog catalog = catalog(List.of(DRIVING, TRIPS), List.of(BREAKDOWN));

    private static Catalog catalog(List<CompiledView> views, List<FeatureSet> sets) {
        return Catalog.of(new Definitions(List.of(READINGS), views, sets, List.of(), List.of()));
    }

    private static CompiledView view(String name, String text) {
        return FeatureViewReader.read(Path.of(name + ".yaml"), text, CONTRACTS).orThrow();
    }

    private CatalogPart.Field field(String name) {
        CatalogEntry.OfContract contract = (CatalogEntry.OfContract) catalog.entries().getFirst();
        return contract.fields().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aContractSaysWhichFeaturesItsFieldsBecome() {
        assertThat(catalog.entries().getFirst().name()).isEqualTo("readings");
        assertThat(field("speed").features()).containsExactly("driving.v2:speed_mean_1h");
        assertThat(field("speed").views()).containsExactly("driving.v2");
        assertThat(field("braking").features()).containsExactly("driving.v2:speed_mean_1h");
        assertThat(field("car").views()).containsExactly("driving.v2", "trips.v1");
        assertThat(field("spread").features()).isEmpty();
    }

    @Test
    void whatIsReadOfAnObjectIsReadOfTheObjectAndOfNoOtherField() {
        assertThat(field("wheel").type()).isEqualTo("object");
        assertThat(field("wheel").features()).containsExactly("driving.v2:pressure");
        assertThat(field("wheel.pressure").features()).containsExactly("driving.v2:pressure");
        assertThat(field("wheel.pressure").classification()).contains("internal");
        assertThat(field("wheel.age").features()).isEmpty();
    }

    private static final Contract FIRMWARE =
            OdcsReader.read(
                            Path.of("firmware.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: firmware
                            version: 1.0.0
                            status: active
                            schema:
                              - name: firmware
                                properties:
                                  - {name: release, logicalType: string, required: true}
                                  - {name: limit, logicalType: number}
                            customProperties:
                              - {property: leat.key, value: release}
                              - {property: leat.reference, value: true}
                            """)
                    .orThrow();

    private static final Contract RIDES =
            OdcsReader.read(
                            Path.of("rides.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: rides
                            version: 1.0.0
                            status: active
                            schema:
                              - name: rides
                                properties:
                                  - {name: car, logicalType: string, required: true}
                                  - {name: release, logicalType: string}
                                  - {name: speed, logicalType: number}
                                  - {name: usual, logicalType: number}
                                  - {name: limit, logicalType: number}
                                  - {name: excess, logicalType: number}
                            customProperties:
                              - {property: leat.key, value: car}
                              - property: leat.enrich
                                value:
                                  - {lookup: driving, key: event.car, fields: {usual: speed_mean_1h}}
                                  - {lookup: firmware.v1, key: event.release, fields: [limit]}
                                  - {field: excess, expression: event.speed - event.usual}
                            """)
                    .orThrow();

    private static final CompiledView FASTER =
            FeatureViewReader.read(
                            Path.of("faster.yaml"),
                            """
                            entity: car
                            source: rides
                            features:
                              - {name: over, expression: event.excess, aggregate: max, windows: 1h}
                              - {name: share, expression: event.speed / event.limit}
                              - {name: release, expression: event.release}
                            """,
                            new Contracts(List.of(READINGS, FIRMWARE, RIDES)))
                    .orThrow();

    private final List<CatalogEntry> looking =
            Catalog.of(
                            new Definitions(
                                    List.of(READINGS, FIRMWARE, RIDES),
                                    List.of(DRIVING, FASTER),
                                    List.of(),
                                    List.of(),
                                    List.of()))
                    .entries();

    private static final CatalogPart.LookUp USUAL =
            new CatalogPart.LookUp("rides.v1:usual", "driving.v2:speed_mean_1h", "event.car");
    private static final CatalogPart.LookUp LIMIT =
            new CatalogPart.LookUp("rides.v1:limit", "firmware.v1:limit", "event.release");

    @Test
    void anAddedFieldSaysWhatItIsLookedUpFrom() {
        CatalogEntry.OfContract rides = (CatalogEntry.OfContract) looking.get(2);

        assertThat(rides.fields())
                .extracting(CatalogPart.Field::from)
                .containsExactly(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of("car", "driving.v2:speed_mean_1h"),
                        List.of("release", "firmware.v1:limit"),
                        List.of("speed", "usual"));
        assertThat(rides.fields())
                .extracting(CatalogPart.Field::lookUps)
                .containsExactly(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(USUAL),
                        List.of(LIMIT),
                        List.of(USUAL));
    }

    @Test
    void aFeatureSaysOnWhichLookUpsItsFieldsRest() {
        CatalogEntry.OfView faster = (CatalogEntry.OfView) looking.getLast();

        assertThat(faster.features())
                .extracting(CatalogPart.Feature::lookUps)
                .containsExactly(List.of(USUAL), List.of(LIMIT), List.of());
    }

    @Test
    void whatIsLookedUpSaysWhichFieldsItBecomes() {
        CatalogEntry.OfContract firmware = (CatalogEntry.OfContract) looking.get(1);
        CatalogEntry.OfView driving = (CatalogEntry.OfView) looking.get(3);

        assertThat(firmware.fields())
                .extracting(CatalogPart.Field::lookedUpBy)
                .containsExactly(List.of(), List.of("rides.v1:limit"));
        assertThat(driving.features())
                .extracting(CatalogPart.Feature::lookedUpBy)
                .containsExactly(List.of("rides.v1:usual"), List.of());
    }

    @Test
    void anAddedFieldSaysFromWhichFieldsItComes() {
        assertThat(field("spread").added()).isTrue();
        assertThat(field("spread").from()).containsExactly("speed", "wheel.pressure");
        assertThat(field("speed").from()).isEmpty();
    }

    @Test
    void aViewSaysWhatItsFeaturesAreAndWhereTheyGo() {
        assertThat(catalog.entries().get(1))
                .isEqualTo(
                        new CatalogEntry.OfView(
                                "view",
                                "driving",
                                2,
                                "How a car is driven",
                                Optional.of("Fleet Analytics"),
                                List.of("maintenance", "style"),
                                Optional.of("car"),
                                "readings.v1",
                                "car",
                                Optional.of("has(event.speed)"),
                                "exact",
                                Optional.of("1d"),
                                "driving_v2",
                                List.of(),
                                ModelReaders.NONE,
                                List.of(),
                                List.of(),
                                List.of(
                                        new CatalogPart.Feature(
                                                "speed_mean_1h",
                                                "number",
                                                "Speed in km/h",
                                                Optional.of("event.speed * 3.6"),
                                                Optional.of("mean"),
                                                Optional.of("1h"),
                                                Optional.of("event.braking"),
                                                Optional.empty(),
                                                List.of("readings.v1:speed", "readings.v1:braking"),
                                                List.of(),
                                                List.of(),
                                                List.of(),
                                                List.of(),
                                                ModelReaders.NONE),
                                        new CatalogPart.Feature(
                                                "pressure",
                                                "number",
                                                "",
                                                Optional.of("event.wheel.pressure"),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.empty(),
                                                Optional.of("internal"),
                                                List.of("readings.v1:wheel.pressure"),
                                                List.of(),
                                                List.of(),
                                                List.of(),
                                                List.of("breakdown:tyre"),
                                                ModelReaders.NONE))));
    }

    @Test
    void aViewOfAViewSaysWhichFeaturesItReads() {
        CatalogEntry.OfView style =
                (CatalogEntry.OfView)
                        catalog(List.of(DRIVING, STYLE), List.of()).entries().getLast();

        CatalogEntry.OfView driving =
                (CatalogEntry.OfView) catalog(List.of(DRIVING, STYLE), List.of()).entries().get(1);

        assertThat(driving.features().getFirst().features())
                .containsExactly("style.v1:" + style.features().getFirst().name());
        assertThat(style.source()).isEqualTo("driving.v2");
        assertThat(style.key()).isEqualTo("entity");
        assertThat(style.features().getFirst().reads()).containsExactly("driving.v2:speed_mean_1h");
        // What is made of something is kept as strictly as it
        assertThat(style.features().getLast().classification()).contains("internal");
    }

    @Test
    void aSetSaysWhereItsFeaturesComeFrom() {
        assertThat(catalog.entries().getLast())
                .isEqualTo(
                        new CatalogEntry.OfSet(
                                "set",
                                "breakdown",
                                "",
                                Optional.of("models"),
                                List.of("model"),
                                Optional.of("car"),
                                List.of("trips.v1", "driving.v2"),
                                ModelReaders.NONE,
                                List.of(),
                                List.of(),
                                List.of(
                                        new CatalogPart.Member(
                                                "readings_count_1h",
                                                "integer",
                                                "",
                                                "trips.v1:readings_count_1h",
                                                List.of(),
                                                ModelReaders.NONE),
                                        new CatalogPart.Member(
                                                "tyre",
                                                "number",
                                                "",
                                                "driving.v2:pressure",
                                                List.of("readings.v1:wheel.pressure"),
                                                ModelReaders.NONE))));
    }

    @Test
    void whoAsksForAViewOrASetStandsAtIt() {
        OnlineReader shop = new OnlineReader("shop", 3, Instant.EPOCH);
        OnlineReader garage = new OnlineReader("garage", 2, Instant.EPOCH);

        Catalog asked =
                catalog.with(
                        Knowledge.NONE.withOnline(
                                new OnlineReaders(
                                        Map.of("driving", List.of(shop, garage)),
                                        Map.of("breakdown", List.of(garage)))));

        assertThat(asked.entries())
                .filteredOn(CatalogEntry.OfView.class::isInstance)
                .extracting(view -> ((CatalogEntry.OfView) view).online())
                .containsExactly(List.of(shop, garage), List.of());
        assertThat(((CatalogEntry.OfSet) asked.entries().getLast()).online())
                .containsExactly(garage);
        assertThat(((CatalogEntry.OfView) asked.entries().get(1)).only(_ -> true))
                .isEqualTo(asked.entries().get(1));
    }

    @Test
    void aTrainingSetOfTheLakeStandsAtTheViewsAndTheSetThatItWasMadeOf() {
        TrainingSet ofSet =
                trainingSet("leat_training.worn", Optional.of("breakdown"), "driving.v1+v2");
        TrainingSet ofViews = trainingSet("leat_training.old", Optional.empty(), "driving.v1");
        TrainingSet ofOthers =
                trainingSet("leat_training.far", Optional.of("trips"), "driving-style.v2");

        Catalog known =
                catalog.with(Knowledge.NONE.withTrainingSets(List.of(ofSet, ofViews, ofOthers)));

        assertThat(known.entries())
                .filteredOn(CatalogEntry.OfView.class::isInstance)
                .extracting(view -> ((CatalogEntry.OfView) view).trainingSets())
                .containsExactly(List.of(ofSet, ofViews), List.of());
        assertThat(((CatalogEntry.OfSet) known.entries().getLast()).trainingSets())
                .containsExactly(ofSet);
        assertThat(
                        known.search(
                                new CatalogQuery(
                                        "worn",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty())))
                .extracting(CatalogEntry::name)
                .containsExactly("driving", "breakdown");
    }

    private static TrainingSet trainingSet(String table, Optional<String> set, String view) {
        return new TrainingSet(
                table, Instant.EPOCH, 3, Optional.of("event"), set, List.of(view), List.of());
    }

    /// Entries with their parts, e.g. `driving(pressure)`.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    SPEED km/h | driving(speed_mean_1h)
                    driven     | driving(speed_mean_1h pressure)
                    car driven pressure | driving(pressure)
                    wheel.pressure | readings(wheel.pressure) driving(pressure)
                    braking    | readings(braking) driving(speed_mean_1h)
                    style      | driving(speed_mean_1h pressure)
                    tyre       | breakdown(tyre)
                    internal   | readings(wheel.pressure) driving(pressure)
                    nothing of it | ""
                    """)
    void eachWordHasToBeInTheDefinitionOrInOneOfItsParts(String text, String found) {
        CatalogQuery query =
                new CatalogQuery(
                        text,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(shown(query)).isEqualTo(found);
    }

    private String shown(CatalogQuery query) {
        return catalog.search(query).stream()
                .map(entry ->
                        entry.name()
                                + "("
                                + String.join(
                                        " ", entry.parts().stream().map(p -> p.name()).toList())
                                + ")")
                .collect(joining(" "));
    }

    @Test
    void tagsOwnersEntitiesAndKindsAreWholeWords() {
        assertThat(names("tag", "STYLE")).containsExactly("driving");
        assertThat(names("tag", "sty")).isEmpty();
        assertThat(names("owner", "fleet analytics")).containsExactly("driving");
        assertThat(names("entity", "car")).containsExactly("driving", "trips", "breakdown");
        assertThat(names("kind", "set")).containsExactly("breakdown");
        assertThat(names("kind", "contract")).containsExactly("readings");
        assertThat(catalog.search(CatalogQuery.ALL)).isEqualTo(catalog.entries());
    }

    private Stream<String> names(String by, String value) {
        CatalogQuery query =
                new CatalogQuery(
                        "",
                        Optional.of(value).filter(_ -> by.equals("tag")),
                        Optional.of(value).filter(_ -> by.equals("owner")),
                        Optional.of(value).filter(_ -> by.equals("entity")),
                        Optional.of(value).filter(_ -> by.equals("kind")));
        return catalog.search(query).stream().map(CatalogEntry::name);
    }
}
