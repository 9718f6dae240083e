package leat.core.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
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
import leat.core.model.ModelState;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.core.training.Training;
import leat.core.training.TrainingReader;
import org.junit.jupiter.api.Test;

class CatalogModelsTest {

    private static final Contract READINGS =
            contract(
                    "readings",
                    """
                          - {name: car, logicalType: string, required: true}
                          - {name: speed, logicalType: number}
                          - {name: wear, logicalType: number}
                          - {name: risk, logicalType: number}
                    customProperties:
                      - {property: leat.key, value: car}
                      - property: leat.enrich
                        value:
                          - {model: quick@champion, features: [speed], fields: {risk: score}}
                    """);

    private static final Contract FAILURES =
            contract(
                    "failures",
                    """
                          - {name: car, logicalType: string, required: true}
                          - {name: kind, logicalType: string}
                          - {name: cost, logicalType: number}
                    customProperties:
                      - {property: leat.key, value: car}
                    """);

    private static final Contracts CONTRACTS = new Contracts(List.of(READINGS, FAILURES));

    private static final CompiledView DRIVING =
            FeatureViewReader.read(
                            Path.of("driving.yaml"),
                            """
                            entity: car
                            source: readings
                            features:
                              - {name: pace, description: How fast, expression: event.speed * 3.6}
                              - {name: tread, expression: event.wear}
                            """,
                            CONTRACTS)
                    .orThrow();

    private static final CompiledView STYLE =
            FeatureViewReader.read(
                            Path.of("style.yaml"),
                            """
                            version: 2
                            entity: car
                            source: driving
                            features:
                              - {name: top, expression: event.pace, aggregate: max, windows: 1d}
                              - {name: tyre, expression: event.tread}
                            """,
                            CONTRACTS,
                            List.of(DRIVING))
                    .orThrow();

    private static final List<CompiledView> VIEWS = List.of(DRIVING, STYLE);

    private static final FeatureSet SET =
            FeatureSetReader.read(
                            Path.of("all.yaml"),
                            "entity: car\nfeatures:\n  - {view: style, names: tyre}\n",
                            VIEWS)
                    .orThrow();

    private static final String FILE =
            """
            description: How soon a car breaks down
            owner: fleet
            tags: [maintenance]
            scoring:
              model: breakdown
              view: style
              features: top_max_1d
              outputs: {score: score}
              challengers: [{alias: next, shadow: true}]
            monitoring:
              labels: {contract: failures, when: event.kind == 'engine', within: 1h}
            training:
              model: breakdown
              data:
                view: style
                features: [top_max_1d, tyre]
                label: {contract: failures, when: event.cost > 100.0, within: 1d}
              algorithm: logistic
            """;

    private static final ScoringReader.Known KNOWN =
            ScoringReader.Known.sound(CONTRACTS, VIEWS, List.of());

    private static final Training TRAINING =
            TrainingReader.read(Path.of("breakdown.yaml"), FILE, KNOWN).orThrow();

    private static final Scoring SCORING =
            ScoringReader.read(Path.of("breakdown.yaml"), FILE, KNOWN).orThrow();

    private final Catalog catalog =
            Catalog.of(
                    new Definitions(
                            CONTRACTS.all(),
                            VIEWS,
                            List.of(SET),
                            List.of(TRAINING),
                            List.of(SCORING)));

    private static Contract contract(String name, String rest) {
        return OdcsReader.read(
                        Path.of(name + ".odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: NAME
                        version: 1.0.0
                        status: active
                        schema:
                          - name: NAME
                            properties:
                        """
                                        .replace("NAME", name)
                                + rest.indent(0))
                .orThrow();
    }

    private static <E extends CatalogEntry> E entry(Catalog catalog, Class<E> type, String name) {
        return catalog.entries().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private ModelReaders readers(String contract, String field) {
        return entry(catalog, CatalogEntry.OfContract.class, contract).fields().stream()
                .filter(one -> one.name().equals(field))
                .findFirst()
                .orElseThrow()
                .readers();
    }

    @Test
    void aFeatureSaysWhoReadsItForAModel() {
        CatalogEntry.OfView style = entry(catalog, CatalogEntry.OfView.class, "style");

        assertThat(style.features().getFirst().readers())
                .isEqualTo(
                        new ModelReaders(
                                List.of("breakdown"),
                                List.of("breakdown"),
                                List.of("breakdown.v1"),
                                List.of("breakdown.v1")));
        assertThat(style.features().getLast().readers())
                .isEqualTo(
                        new ModelReaders(
                                List.of("breakdown"), List.of("breakdown"), List.of(), List.of()));
        assertThat(style.readers()).isEqualTo(style.features().getFirst().readers());
        // Others read it by the view of this view.
        assertThat(entry(catalog, CatalogEntry.OfView.class, "driving").readers())
                .isEqualTo(ModelReaders.NONE);
    }

    @Test
    void aSetSaysWhoReadsTheFeaturesThatItHas() {
        CatalogEntry.OfSet set = entry(catalog, CatalogEntry.OfSet.class, "all");

        assertThat(set.features().getFirst().readers().trainings()).containsExactly("breakdown");
        assertThat(set.readers().models()).containsExactly("breakdown");
        assertThat(set.readers().scorings()).isEmpty();
    }

    @Test
    void aFieldSaysWhichLabelsAndStepsReadIt() {
        assertThat(readers("failures", "cost").trainings()).containsExactly("breakdown");
        assertThat(readers("failures", "cost").monitoring()).isEmpty();
        assertThat(readers("failures", "kind").monitoring()).containsExactly("breakdown.v1");
        assertThat(readers("failures", "car").trainings()).containsExactly("breakdown");
        assertThat(readers("readings", "speed").models()).containsExactly("quick");
        assertThat(readers("readings", "wear")).isEqualTo(ModelReaders.NONE);
    }

    @Test
    void aModelSaysOfWhichFieldsOfContractsItIsMade() {
        CatalogEntry.OfModel model = entry(catalog, CatalogEntry.OfModel.class, "breakdown");

        assertThat(model.features())
                .extracting(CatalogPart.Input::from, CatalogPart.Input::fields)
                .containsExactly(
                        tuple("style.v2:top_max_1d", List.of("readings.v1:speed")),
                        tuple("style.v2:tyre", List.of("readings.v1:wear")));
        assertThat(model.trainings()).containsExactly("breakdown");
        assertThat(model.scorings()).containsExactly("breakdown.v1");
        assertThat(model.owner()).contains("fleet");
        assertThat(model.entity()).contains("car");
        assertThat(model.versions()).isEmpty();
        assertThat(entry(catalog, CatalogEntry.OfModel.class, "quick").steps())
                .containsExactly("readings.v1:risk");
    }

    @Test
    void aScoringNamesTheContractAndTheFieldsOfItsPredictions() {
        CatalogEntry.OfScoring scoring = entry(catalog, CatalogEntry.OfScoring.class, "breakdown");

        assertThat(scoring.contract()).isEqualTo("breakdown.v1");
        assertThat(scoring.table()).isEqualTo("breakdown_v1");
        assertThat(scoring.shadowTable()).contains("breakdown_shadow_v1");
        assertThat(scoring.fields().stream().map(CatalogPart.Predicted::name))
                .startsWith("entity", "query_time", "score")
                .contains("model_version", "vector");
        assertThat(scoring.monitored()).isTrue();
        assertThat(scoring.labels()).containsExactly("failures.v1:kind", "failures.v1:car");
        assertThat(entry(catalog, CatalogEntry.OfTraining.class, "breakdown").label())
                .containsExactly("failures.v1:cost", "failures.v1:car");
    }

    @Test
    void whatIsRegisteredSaysItsViewAndFeaturesByTags() {
        // Given
        ModelState registry =
                new ModelState()
                        .with(
                                new RegisteredModelCommand.Create(
                                        "id", "notebook", "By hand", Map.of("team", "research")))
                        .with(version("1", "style.v1", "old"))
                        .with(version("2", "driving.v1", "tread"));

        // When
        Catalog known = catalog.with(Knowledge.NONE.withModels(KnownModel.all(registry.fold())));

        // Then
        CatalogEntry.OfModel model = entry(known, CatalogEntry.OfModel.class, "notebook");
        assertThat(model.description()).isEqualTo("By hand");
        assertThat(model.tags()).containsExactly("team=research");
        assertThat(model.versions())
                .containsExactly(
                        new CatalogEntry.Version(
                                2,
                                List.of(),
                                Optional.empty(),
                                Optional.of("driving.v1"),
                                Optional.empty(),
                                List.of("tread")));
        assertThat(model.features())
                .containsExactly(
                        new CatalogPart.Input(
                                "tread",
                                "number",
                                "",
                                "driving.v1:tread",
                                List.of("readings.v1:wear")));
        assertThat(entry(known, CatalogEntry.OfView.class, "driving").readers().models())
                .containsExactly("notebook");

        // An alias keeps an old version, of whose view the workspace knows nothing.
        registry.with(new RegisteredModelCommand.SetAlias("notebook", "champion", 1));
        assertThat(
                        entry(
                                        catalog.with(
                                                Knowledge.NONE.withModels(
                                                        KnownModel.all(registry.fold()))),
                                        CatalogEntry.OfModel.class,
                                        "notebook")
                                .features())
                .extracting(CatalogPart.Input::from, CatalogPart.Input::type)
                .containsExactly(tuple("style.v1:old", ""), tuple("driving.v1:tread", "number"));
    }

    private static VersionCommand.Create version(String id, String view, String features) {
        return version(id, Map.of("leat.view", view, "leat.features", features));
    }

    private static VersionCommand.Create version(String id, Map<String, String> tags) {
        return new VersionCommand.Create(
                id, "notebook", "mlflow-artifacts:/0/" + id, "", "", "", "", tags);
    }

    @Test
    void aModelOfASetHasItsFeaturesByItsNamesAndTheirViewsSaySo() {
        // Given
        FeatureSet set =
                FeatureSetReader.read(
                                Path.of("mixed.yaml"),
                                """
                                entity: car
                                features:
                                  - {view: style, names: tyre, rename: {tyre: grip}}
                                  - {view: driving, names: pace}
                                """,
                                VIEWS)
                        .orThrow();
        Training training =
                TrainingReader.read(
                                Path.of("slips.yaml"),
                                """
                                training:
                                  model: slips
                                  data: {set: mixed}
                                  algorithm: k-means
                                """,
                                ScoringReader.Known.sound(CONTRACTS, VIEWS, List.of(set)))
                        .orThrow();
        Definitions definitions =
                new Definitions(CONTRACTS.all(), VIEWS, List.of(set), List.of(training), List.of());
        ModelState registry =
                new ModelState()
                        .with(new RegisteredModelCommand.Create("id", "notebook", "", Map.of()))
                        .with(
                                version(
                                        "1",
                                        Map.of(
                                                "leat.view",
                                                "style.v2",
                                                "leat.feature-set",
                                                "mixed",
                                                "leat.features",
                                                "pace")));

        // When
        Catalog all =
                Catalog.of(definitions)
                        .with(Knowledge.NONE.withModels(KnownModel.all(registry.fold())));

        // Then
        CatalogEntry.OfTraining trained = entry(all, CatalogEntry.OfTraining.class, "slips");
        assertThat(trained.set()).contains("mixed");
        CatalogEntry.OfModel model = entry(all, CatalogEntry.OfModel.class, "slips");
        assertThat(model.views()).containsExactly("style.v2", "driving.v1");
        assertThat(model.features())
                .isEqualTo(trained.features())
                .extracting(CatalogPart.Input::name, CatalogPart.Input::from)
                .containsExactly(tuple("grip", "style.v2:tyre"), tuple("pace", "driving.v1:pace"));
        CatalogEntry.OfModel byHand = entry(all, CatalogEntry.OfModel.class, "notebook");
        assertThat(byHand.versions())
                .extracting(CatalogEntry.Version::view, CatalogEntry.Version::set)
                .containsExactly(tuple(Optional.empty(), Optional.of("mixed")));
        assertThat(byHand.features())
                .extracting(CatalogPart.Input::from)
                .containsExactly("driving.v1:pace");
        assertThat(entry(all, CatalogEntry.OfView.class, "driving").readers().models())
                .containsExactly("slips", "notebook");
    }

    @Test
    void modelsAndScoringsAreFoundByNameTagOwnerAndWhatTheyTake() {
        assertThat(kinds("", "tag", "maintenance")).containsExactly("training", "model", "scoring");
        assertThat(kinds("", "owner", "Fleet")).containsExactly("training", "model", "scoring");
        assertThat(kinds("quick", "", "")).containsExactly("model");
        assertThat(kinds("breaks down", "kind", "scoring")).containsExactly("scoring");
        assertThat(kinds("readings.v1:speed", "", ""))
                .containsExactly("training", "model", "scoring");
    }

    private Stream<String> kinds(String text, String by, String value) {
        return catalog
                .search(
                        new CatalogQuery(
                                text,
                                Optional.of(value).filter(_ -> by.equals("tag")),
                                Optional.of(value).filter(_ -> by.equals("owner")),
                                Optional.empty(),
                                Optional.of(value).filter(_ -> by.equals("kind"))))
                .stream()
                .map(CatalogEntry::kind);
    }
}
