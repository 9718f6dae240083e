package leat.stream.lake;

import static leat.stream.lake.TestContracts.contract;
import static leat.stream.lake.TestContracts.everyType;
import static leat.stream.lake.TestContracts.integer;
import static leat.stream.lake.TestContracts.optional;
import static leat.stream.lake.TestContracts.real;
import static leat.stream.lake.TestContracts.renamed;
import static leat.stream.lake.TestContracts.required;
import static leat.stream.lake.TestContracts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.event.Names;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LakeTablesTest {

    @TempDir private Path folder;
    private LakeCatalog catalog;
    private LakeTables tables;

    @BeforeEach
    void open() {
        catalog =
                LakeCatalog.open(
                        LakeStoreSettings.at(
                                "jdbc:sqlite:" + folder.resolve("lake.db"),
                                "file://" + folder.resolve("lake files")),
                        new Names("leat"));
        tables = new LakeTables(catalog);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void aPlanIsAppliedAndThenThereIsNothingLeftToDo() {
        Contract contract = contract("car-telemetry", everyType());

        List<TableChange> plan = tables.plan(contract);
        tables.apply(plan);

        assertThat(plan).hasOnlyElementsOfType(TableChange.Create.class);
        assertThat(tables.plan(contract)).hasOnlyElementsOfType(TableChange.Keep.class);
        Table table = tables.enriched(contract).orElseThrow();
        assertThat(table.schema().asStruct().fields().stream().map(Types.NestedField::name))
                .startsWith("car", "count", "speed")
                .endsWith("leat_partition", "leat_offset", "leat_version");
        assertThat(table.spec().fields().getFirst().name()).isEqualTo("leat_time_day");
        assertThat(table.sortOrder().fields()).hasSize(1);
        assertThat(tables.dead(contract)).isPresent();
    }

    @Test
    void evolutionKeepsFieldIdsAndPutsNewColumnsBeforeOurs() {
        Contract before =
                contract("cars", List.of(required("car", text()), optional("speed", real())));
        tables.apply(tables.plan(before));
        int speedId = tables.enriched(before).orElseThrow().schema().findField("speed").fieldId();
        Contract after =
                contract(
                        "cars",
                        List.of(
                                required("car", text()),
                                renamed("velocity", "speed", real()),
                                optional("gear", integer())));

        tables.apply(tables.plan(after));

        Table table = tables.enriched(after).orElseThrow();
        assertThat(table.schema().findField("velocity").fieldId()).isEqualTo(speedId);
        assertThat(table.schema().columns().stream().map(Types.NestedField::name))
                .startsWith("car", "velocity", "gear", "leat_id");
        assertThat(tables.plan(after)).hasOnlyElementsOfType(TableChange.Keep.class);
    }

    @Test
    void aRenamedSortColumnNeedsNoNewSortOrder() {
        tables.apply(tables.plan(contract("cars", List.of(optional("car", text())))));
        Contract renamed = contract("cars", List.of(renamed("vehicle", "car", text())));

        List<TableChange> plan = tables.plan(renamed);
        tables.apply(plan);

        assertThat(((TableChange.Evolve) plan.getFirst()).steps()).hasSize(1);
        assertThat(tables.plan(renamed)).hasOnlyElementsOfType(TableChange.Keep.class);
    }

    @Test
    void aRefusedTableNamesTheRemedyAndNothingIsChanged() {
        tables.apply(tables.plan(contract("cars", List.of(optional("car", text())))));
        Contract other = contract("cars", List.of(optional("car", integer())));

        assertThatThrownBy(() -> tables.apply(tables.plan(other)))
                .isInstanceOf(TableRefused.class)
                .hasMessageContaining("leat.cars_v1")
                .hasMessageContaining("column 'car' is string, the contract wants long")
                .hasMessageContaining("major version");
    }

    @Test
    void anotherPartitioningIsRefused() {
        tables.apply(tables.plan(contract("cars", List.of(optional("car", text())))));
        Contract other =
                contract(
                        "cars",
                        List.of(optional("car", text())),
                        Contract.TimePartitioning.HOUR,
                        4);

        assertThat(tables.plan(other).getFirst()).isInstanceOf(TableChange.Refused.class);
    }

    @Test
    void namesThatCannotBeColumnsAreRefused() {
        Contract contract =
                contract(
                        "cars",
                        List.of(
                                optional("leat_x", text()),
                                optional("a", text()),
                                optional("A", text())));

        TableChange change = tables.plan(contract).getFirst();

        assertThat(((TableChange.Refused) change).problems()).hasSize(2);
    }
}
