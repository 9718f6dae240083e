package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.catalog.TrainingSet;
import leat.core.event.Names;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingTablesTest {

    @TempDir private Path folder;
    private LakeCatalog lake;
    private TrainingTables tables;

    @BeforeEach
    void open() {
        lake = LakeCatalog.open(LakeProcess.store(folder), new Names("leat"));
        tables = new TrainingTables(lake);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /// A table of one column.
    private void make(String name, int rows, Map<String, String> properties)
            throws IOException, SQLException {
        TrainingTables.NewTable planned = tables.plan(name);
        Files.createDirectories(planned.file().getParent());
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT range AS n FROM range("
                            + rows
                            + ")) TO '"
                            + planned.file()
                            + "' (FORMAT parquet)");
        }
        tables.create(name, planned, properties);
    }

    @Test
    void aLakeWithoutTrainingSetsHasNone() {
        assertThat(tables.all()).isEmpty();
    }

    @Test
    void aTableSaysWhatItWasMadeOf() throws Exception {
        Instant before = Instant.now().minus(Duration.ofSeconds(1));

        make(
                "churn",
                3,
                Map.of(
                        TrainingTables.VIEWS,
                        "spending.v1+v2,trend.v1",
                        TrainingTables.SET,
                        "churn",
                        TrainingTables.AS_OF,
                        "served",
                        TrainingTables.FEATURES,
                        "spending:amount,trend:spent"));

        List<TrainingSet> all = tables.all();
        assertThat(all)
                .containsExactly(
                        new TrainingSet(
                                "leat_training.churn",
                                all.getFirst().made(),
                                3,
                                Optional.of("served"),
                                Optional.of("churn"),
                                List.of("spending.v1+v2", "trend.v1"),
                                List.of("spending:amount", "trend:spent")));
        assertThat(all.getFirst().made()).isBetween(before, Instant.now());
    }

    @Test
    void theNewestStandsFirstAndWhatOthersMadeIsLeftOut() throws Exception {
        make("b", 1, Map.of(TrainingTables.VIEWS, "spending.v1"));
        make("a", 0, Map.of(TrainingTables.VIEWS, "spending.v1"));
        make("notes", 1, Map.of());

        assertThat(tables.all())
                .extracting(TrainingSet::table)
                .containsExactly("leat_training.a", "leat_training.b");
        assertThat(tables.all().getFirst().features()).isEmpty();
        assertThat(tables.madeOf("spending.v1"))
                .containsExactly("leat_training.a", "leat_training.b");
    }

    @Test
    void aTableWhoseFilesAreGoneIsNotPassedOver() throws Exception {
        make("churn", 1, Map.of(TrainingTables.VIEWS, "spending.v1"));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".metadata.json")).toList()) {
                Files.delete(file);
            }
        }

        assertThatThrownBy(tables::all)
                .isInstanceOf(LakeUnavailable.class)
                .hasMessageContaining("the lake cannot be read: ");
    }

    @ParameterizedTest
    @CsvSource({
        "driving.v1, driving.v1, true",
        "driving.v11, driving.v1, false",
        "driving.v1+v2, driving.v1, true",
        "driving.v1+v2, driving.v2, true",
        "driving.v1+v12, driving.v2, false",
        "car-driving.v1, driving.v1, false",
        "'', driving.v1, false"
    })
    void aTableNamesTheVersionsThatItsRowsAreFrom(String view, String version, boolean made) {
        assertThat(TrainingTables.isOf(view, version)).isEqualTo(made);
    }
}
