package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.training.Checks;
import leat.core.training.Training;
import leat.ml.training.algorithm.Rows;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DatasetReaderIT {

    private static Machines machines;

    @BeforeAll
    static void write() throws Exception {
        machines = Machines.fresh();
        // Each partition's times overlap with the others', and are out of order in one of them.
        machines.write(2, at(20), 20.0, 0.2, false);
        machines.write(0, at(40), 40.0, 0.4, true);
        machines.write(0, at(10), 10.0, 0.1, false);
        machines.write(1, at(10), 11.0, 0.1, true);
        machines.write(1, at(50), null, 0.5, false);
        machines.write(2, at(60), 60.0, 0.6, false);
        machines.event(2, at(35), true);
        machines.event(0, at(70), false);
    }

    @AfterAll
    static void close() {
        machines.close();
    }

    private static Instant at(long minutes) {
        return Machines.START.plusSeconds(60 * minutes);
    }

    private static Dataset read(String data) {
        Training training = Machines.training("read", "data: {view: state, " + data + "}\n");
        DatasetReader reader =
                new DatasetReader(machines.log, machines.names, training, TrainingProgress.NONE);
        return reader.read(reader.now());
    }

    private static List<String> rows(Dataset dataset) {
        Rows rows = dataset.rows();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            texts.add(rows.value(row, 0) + (rows.hasLabels() ? "=" + (int) rows.label(row) : ""));
        }
        return texts;
    }

    private static final String OWN = "label: {when: event.failed == 1}";

    @Test
    void rowsAreInTheOrderOfTimeAcrossPartitionsWithTheLabelsOfTheirOwnEvents() {
        Dataset dataset = read(OWN);

        assertThat(rows(dataset)).containsExactly("10.0=0", "11.0=1", "20.0=0", "40.0=1", "60.0=0");
        assertThat(dataset.leftOut().lacking()).isEqualTo(1);
        assertThat(dataset.time(0)).isEqualTo(at(10).plusNanos(1_000));
        assertThat(dataset.seen().get("load")).isEqualTo(new Checks.Seen(6, 1, 0, 10, 60));
    }

    @Test
    void aLabelMayComeLaterAndIsNotKnownBeforeItsTimeIsOver() {
        // The newest event is of minute 70, so 30 minutes are over for vectors before minute 40.
        Dataset dataset = read("label: {when: event.failed == 1, within: 30m}");

        assertThat(rows(dataset)).containsExactly("10.0=1", "11.0=0", "20.0=1");
        assertThat(dataset.leftOut().unlabelled()).isEqualTo(2);
        assertThat(rows(read("label: {when: event.failed == 1, within: 29m}")))
                .containsExactly("10.0=0", "11.0=0", "20.0=1", "40.0=0");
    }

    @Test
    void rowsMayBeTheNewestAndMayLackFeatures() {
        assertThat(rows(read(OWN + ", missing: nan, last: 20m")))
                .containsExactly("40.0=1", "NaN=0", "60.0=0");
        assertThat(rows(read("from: 2026-01-01T00:20:00Z")))
                .containsExactly("20.0", "40.0", "60.0");
        assertThat(rows(read("last: 20m, max-rows: 2"))).containsExactly("40.0", "60.0");
    }

    @Test
    void moreRowsThanTheLimitAreRefused() {
        assertThatThrownBy(() -> read("max-rows: 4"))
                .isInstanceOf(TrainingStopped.class)
                .hasMessage("there are more than 4 vectors to learn from");
    }

    @Test
    void aNameLeadsToTheSameRows() throws Exception {
        Training training = Machines.training("name", "data: {view: state, " + OWN + "}\n");
        DatasetReader reader =
                new DatasetReader(machines.log, machines.names, training, TrainingProgress.NONE);
        DatasetName name = reader.now();

        DatasetName parsed = DatasetName.parse(name.json());

        assertThat(parsed).isEqualTo(name);
        assertThat(parsed.digest()).isEqualTo(name.digest());
        assertThat(reader.again(parsed)).isEqualTo(name);
    }
}
