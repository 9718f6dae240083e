package leat.stream.lake;

import static leat.stream.lake.TestContracts.array;
import static leat.stream.lake.TestContracts.contract;
import static leat.stream.lake.TestContracts.decimal;
import static leat.stream.lake.TestContracts.everyType;
import static leat.stream.lake.TestContracts.integer;
import static leat.stream.lake.TestContracts.optional;
import static leat.stream.lake.TestContracts.real;
import static leat.stream.lake.TestContracts.renamed;
import static leat.stream.lake.TestContracts.required;
import static leat.stream.lake.TestContracts.struct;
import static leat.stream.lake.TestContracts.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import leat.core.contract.Field;
import org.apache.iceberg.Schema;
import org.junit.jupiter.api.Test;

final class EvolutionTest {

    private static Evolution evolution(List<Field> before, List<Field> after) {
        Schema table = LakeSchema.of(contract("cars", before));
        return Evolution.of(table.asStruct(), contract("cars", after));
    }

    private static List<String> steps(Evolution evolution) {
        return evolution.steps().stream().map(Object::toString).toList();
    }

    @Test
    void theSameContractChangesNothing() {
        Evolution evolution = evolution(everyType(), everyType());

        assertThat(evolution.steps()).isEmpty();
        assertThat(evolution.problems()).isEmpty();
    }

    @Test
    void optionalFieldsAreAddedAtEveryLevel() {
        Evolution evolution =
                evolution(
                        List.of(
                                optional("engine", struct(optional("code", text()))),
                                optional("tyres", array(struct(optional("id", text()))))),
                        List.of(
                                optional(
                                        "engine",
                                        struct(optional("code", text()), optional("heat", real()))),
                                optional(
                                        "tyres",
                                        array(
                                                struct(
                                                        optional("id", text()),
                                                        optional("bar", real())))),
                                optional("note", text())));

        assertThat(evolution.problems()).isEmpty();
        assertThat(steps(evolution))
                .containsExactly(
                        "add column engine.heat double",
                        "add column tyres.element.bar double",
                        "add column note string");
    }

    @Test
    void aRenameKeepsTheColumnAndRelaxesIt() {
        Evolution evolution =
                evolution(
                        List.of(required("speed", real())),
                        List.of(renamed("velocity", "speed", real())));

        assertThat(evolution.problems()).isEmpty();
        assertThat(steps(evolution))
                .containsExactly("rename column speed to velocity", "make column speed optional");
    }

    @Test
    void aRenameAlreadyDoneIsNotRepeated() {
        Evolution evolution =
                evolution(
                        List.of(optional("velocity", real())),
                        List.of(renamed("velocity", "speed", real())));

        assertThat(evolution).isEqualTo(new Evolution(List.of(), List.of()));
    }

    @Test
    void aDecimalIsWidenedButItsScaleIsNot() {
        assertThat(
                        steps(
                                evolution(
                                        List.of(optional("price", decimal(10, 2))),
                                        List.of(optional("price", decimal(18, 2))))))
                .containsExactly("widen column price to decimal(18, 2)");
        assertThat(
                        evolution(
                                        List.of(optional("price", decimal(10, 2))),
                                        List.of(optional("price", decimal(18, 3))))
                                .problems())
                .hasSize(1);
    }

    @Test
    void whatWouldChangeRowsIsRefused() {
        Evolution evolution =
                evolution(
                        List.of(optional("speed", integer()), optional("gone", text())),
                        List.of(optional("speed", text()), required("fresh", text())));

        assertThat(evolution.problems())
                .containsExactly(
                        "column 'speed' is long, the contract wants string",
                        "field 'fresh' is new and required, but the rows that are there have no"
                                + " value for it",
                        "column 'gone' is no longer in the contract");
    }
}
