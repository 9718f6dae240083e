package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contracts;
import leat.core.contract.Field;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Views whose events are the vectors of other views.
class ViewOfViewTest {

    private static final String DRIVING =
            """
            version: 2
            entity: car
            source: readings
            features:
              - {name: speed, expression: event.speed, aggregate: mean, windows: 5m}
              - {name: gear, expression: event.gear}
              - {name: driver, expression: event.driver}
              - {name: served, expression: event.served}
            """;

    @TempDir Path folder;

    @Test
    void aViewReadsTheVectorsOfTheVersionThatThereIs() throws IOException {
        write("driving", DRIVING);
        // Its file is read before the one that it reads
        write("calm", text("driving", "{name: pace, expression: event.speed_mean_5m}"));
        write("pinned", text("driving.v2", "{name: n, aggregate: count, windows: 1h}"));

        List<CompiledView> views = views();

        assertThat(views)
                .extracting(view -> view.view().nameAndVersion())
                .containsExactly("calm.v1", "driving.v2", "pinned.v1");
        for (CompiledView of : List.of(views.getFirst(), views.getLast())) {
            assertThat(of.sourceView().map(CompiledView::view)).contains(views.get(1).view());
            assertThat(of.source().nameAndMajor()).isEqualTo("driving.v2");
            assertThat(of.view().key()).hasToString("entity");
            assertThat(of.origin().nameAndMajor()).isEqualTo("readings.v1");
            assertThat(of.contract().log()).isEqualTo(of.origin().log());
        }
        assertThat(views.get(1).sourceView()).isEmpty();
    }

    @Test
    void featuresHaveTheTypesAndClassificationsOfTheirView() throws IOException {
        write("driving", DRIVING);
        write(
                "calm",
                text(
                        "driving",
                        "{name: pace, expression: event.speed_mean_5m * 3.6}",
                        "{name: gear, expression: event.gear, aggregate: last, windows: 1h}",
                        "{name: driver, expression: event.driver}",
                        "{name: served, expression: event.served}",
                        "{name: since, expression: event.query_time}"));

        List<Field> fields = views().getFirst().fields();

        assertThat(fields)
                .extracting(field -> field.name() + " " + field.type().word())
                .containsExactly(
                        "pace number",
                        "gear_last_1h integer",
                        "driver string",
                        "served timestamp",
                        "since timestamp");
        assertThat(fields.get(2).classification()).contains("restricted");
        assertThat(views().getFirst().contract().fields().getFirst().classification())
                .contains("confidential");
    }

    @Test
    void aVectorIsAnEventOfItsEntity() throws IOException {
        write("driving", DRIVING);
        write(
                "calm",
                text(
                        "driving",
                        "{name: pace, expression: event.speed_mean_5m * 2.0}",
                        "{name: gear, expression: event.gear}"));
        CompiledView calm = views().getFirst();
        byte[] vector =
                "{\"entity\":\"c1\",\"query_time\":\"2027-01-15T08:00:00.000001Z\",\"gear\":3}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Row row = ((Outcome.Valid) Validator.forEnriched(calm.source()).validate(vector)).row();

        Observation seen = calm.observe(row, 7, 1, 9, (_, _) -> {}).orElseThrow();

        assertThat(seen.entity()).isEqualTo("c1");
        // A feature that the vector lacks gives none
        assertThat(seen.values()).containsExactly(null, 3L);
    }

    @Test
    void aFeatureOfTheSourceCanBeTheKey() throws IOException {
        write("driving", DRIVING);
        write(
                "drivers",
                "entity: driver\nkey: driver\n"
                        + body("driving", "{name: n, aggregate: count, windows: 1h}"));
        write(
                "paces",
                "entity: pace\nkey: speed_mean_5m\n"
                        + body("driving", "{name: n, aggregate: count, windows: 1h}"));

        assertThat(faults())
                .containsExactly(
                        "paces.yaml:2: key: 'speed_mean_5m' cannot be a key: objects, arrays and"
                                + " floating-point numbers have no single text. Name a text, an"
                                + " integer, a time or a boolean.");
        Files.delete(folder.resolve("paces.yaml"));
        assertThat(views().getFirst().view().key()).hasToString("driver");
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        String feature = "{name: n, aggregate: count, windows: 1h}";
        write("driving", DRIVING);
        write("former", text("driving.v1", feature));
        write("unknown", text("drivin", feature));
        write("fields", text("driving", "{name: pace, expression: event.speed}"));
        write("itself", text("itself", feature));
        write("one", text("two", feature));
        write("two", text("zero.v1", feature));
        write("zero", text("one", feature));

        assertThat(faults())
                .containsExactly(
                        "fields.yaml:4: features[0].expression: undefined field 'speed' in"
                                + " 'event.speed'. Correct the expression.",
                        "former.yaml:2: source: there is no view 'driving.v1'. Write 'driving.v2',"
                                + " the version that there is, or 'driving' to follow it.",
                        "itself.yaml:2: source: the view reads itself. Let one of them read a"
                                + " contract.",
                        "unknown.yaml:2: source: there is no contract or view 'drivin'. Write"
                                + " 'driving' if that was meant.",
                        "zero.yaml:2: source: views read each other in a circle: one, two, zero,"
                                + " one. Let one of them read a contract.");
    }

    @Test
    void aNameThatIsAContractTooIsRefused() throws IOException {
        String feature = "{name: n, aggregate: count, windows: 1h}";
        write("readings", text("readings", feature));
        write("more", text("readings", feature));

        assertThat(faults())
                .containsExactly(
                        "readings.yaml:1: 'readings' is the name of a contract, whose topics and"
                                + " tables are named alike. Rename the file.");
    }

    @Test
    void ofAFaultyViewOnlyItsOwnFaultIsTold() throws IOException {
        write("driving", DRIVING.replace("event.speed,", "event.sped,"));
        write("calm", text("driving", "{name: pace, expression: event.speed_mean_5m}"));

        assertThat(faults()).singleElement().asString().startsWith("driving.yaml:5:");
    }

    @Test
    void soManyViewsAreMadeOfEachOther() throws IOException {
        String feature = "{name: n, expression: event.n}";
        write("v1", text("readings", "{name: n, expression: event.gear}"));
        for (int i = 2; i <= SourceReader.MAX_DEPTH; i++) {
            write("v" + i, text("v" + (i - 1), feature));
        }
        assertThat(views()).hasSize(SourceReader.MAX_DEPTH);
        write("v11", text("v10", feature));

        assertThat(faults())
                .containsExactly(
                        "v11.yaml:2: source: 'v10' is the last of 10 views that are made of each"
                                + " other already. Read one of those before it, or a contract.");
    }

    @Test
    void setsTakeViewsOfViewsByTheKeyThatTheirEntitiesCameFrom() throws IOException {
        write("driving", DRIVING.replace("entity: car", "entity: car\nkey: gear"));
        write("calm", text("driving", "{name: pace, expression: event.speed_mean_5m}"));
        write("cars", text("readings", "{name: speed, expression: event.speed}"));

        String set = "entity: car\nfeatures:\n  - {view: driving, names: driver}\n";

        assertThat(
                        FeatureSetReader.read(Path.of("s.yaml"), set + "  - view: calm\n", views())
                                .faults())
                .isEmpty();
        assertThat(
                        FeatureSetReader.read(Path.of("s.yaml"), set + "  - view: cars\n", views())
                                .faults())
                .singleElement()
                .asString()
                .contains("of type string, that of 'driving' of type integer");
    }

    @Test
    void isCompiledAgainBesideOtherContracts() throws IOException {
        write("driving", DRIVING);
        write("calm", text("driving", "{name: pace, expression: event.speed_mean_5m}"));

        CompiledView again = views().getFirst().under(FeatureContracts.all());

        assertThat(again.view()).isEqualTo(views().getFirst().view());
        assertThat(again.sourceView().map(CompiledView::view))
                .isEqualTo(Optional.of(views().get(1).view()));
    }

    private static String text(String source, String... features) {
        return "entity: car\n" + body(source, features);
    }

    private static String body(String source, String... features) {
        return "source: " + source + "\nfeatures:\n  - " + String.join("\n  - ", features) + "\n";
    }

    private void write(String view, String text) throws IOException {
        Files.writeString(folder.resolve(FeatureViewReader.fileName(view)), text);
    }

    private List<CompiledView> views() {
        return read().orThrow();
    }

    private List<String> faults() {
        return read().faults().stream().map(problem -> problem.from(folder).toString()).toList();
    }

    private Checked<List<CompiledView>> read() {
        Checked<Contracts> contracts = new Checked.Sound<>(FeatureContracts.all());
        return FeatureViewReader.readFolder(folder, contracts);
    }
}
