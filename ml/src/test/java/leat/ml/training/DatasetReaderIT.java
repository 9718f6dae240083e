package leat.ml.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
        machines.wear(0, at(5), 1.0);
        machines.wear(0, at(10), 2.0);
        machines.wear(0, at(10), 3.0);
        machines.wear(0, at(45), 9.0);
        machines.wear(1, at(11), 6.0);
        machines.wear(1, at(50), 7.0);
        machines.wear(2, at(29), 5.0);
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
        assertThat(dataset.rows().entity(0)).isEqualTo("m0");
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
    void rowsEndBeforeTheTimeThatIsNamed() {
        // Query times are a microsecond after the events.
        assertThat(rows(read("until: 2026-01-01T00:40:00.000001Z")))
                .containsExactly("10.0", "11.0", "20.0");
        assertThat(rows(read("until: 2026-01-01T00:40:00.000002Z")))
                .containsExactly("10.0", "11.0", "20.0", "40.0");
        assertThat(
                        rows(
                                read(
                                        "from: 2026-01-01T00:15:00Z, until: 2026-01-01T00:45:00Z,"
                                                + " max-rows: 2")))
                .containsExactly("20.0", "40.0");
        // The newest row before the end is that of minute 40.
        assertThat(rows(read("until: 2026-01-01T00:45:00Z, last: 20m")))
                .containsExactly("20.0", "40.0");
        assertThat(read("until: 2026-01-01T00:45:00Z").seen().get("load"))
                .isEqualTo(new Checks.Seen(4, 0, 0, 10, 40));
    }

    @Test
    void aLabelMayComeAfterTheEndOfTheRows() {
        assertThat(
                        rows(
                                read(
                                        "until: 2026-01-01T00:30:00Z, label: {when: event.failed =="
                                                + " 1, within: 30m}")))
                .containsExactly("10.0=1", "11.0=0", "20.0=1");
    }

    @Test
    void ofTheOtherViewsOfASetNothingIsKeptFromTheEndOn() {
        // The log has 7 vectors of wear, 5 of them before the end.
        String data = ", view: state, missing: nan, until: 2026-01-01T00:30:00Z, max-rows: 5";

        DatasetReader reader = ofSet(machines, data);

        assertThat(pairs(reader.read(reader.now())))
                .containsExactly("3.0 10.0", "NaN 11.0", "NaN 20.0");
        DatasetReader open = ofSet(machines, ", view: state, missing: nan, max-rows: 6");
        DatasetName all = open.now();
        assertThatThrownBy(() -> open.read(all))
                .isInstanceOf(TrainingStopped.class)
                .hasMessage("there are more than 6 vectors of wear to learn from");
    }

    @Test
    void moreRowsThanTheLimitAreRefused() {
        assertThatThrownBy(() -> read("max-rows: 4"))
                .isInstanceOf(TrainingStopped.class)
                .hasMessage("there are more than 4 vectors of state to learn from");
    }

    @Test
    void aVersionThatIsStillBeingFilledIsRefused() throws Exception {
        try (Machines own = Machines.fresh()) {
            own.register();
            own.write(0, at(10), 10.0, 0.1, false);
            String data = "data: {view: state, features: load}\n";

            assertThat(reader(own, data).now().rows().view()).isEqualTo("state.v1");
            DatasetReader second =
                    new DatasetReader(
                            own.log,
                            own.names,
                            Machines.onSecondVersion("rows", data),
                            TrainingProgress.NONE);
            assertThatThrownBy(second::now)
                    .isInstanceOfSatisfying(
                            TrainingStopped.class,
                            e ->
                                    assertThat(e.remedy())
                                            .isEqualTo(
                                                    "wait with leat features backfill state"
                                                            + " --follow"))
                    .hasMessage(
                            "version 2 of the view state is still being filled and has not all its"
                                    + " vectors");
        }
    }

    @Test
    void whatBreaksTheSchemaOfTheViewsIsCountedWhereItsTimeIsWanted() throws Exception {
        try (Machines own = Machines.fresh()) {
            own.write(0, at(10), 10.0, 0.1, false);
            own.write(0, at(20), 20.0, 0.1, false);
            own.wear(0, at(5), 1.0);
            own.plant(0, vector(at(10), "\"much\""));
            own.plant(0, vector(at(20), "true"));
            own.plant(1, "{");
            own.plant(2, null);
            String data = "data: {set: health, view: state, missing: nan";

            Dataset all = read(own, data + "}\n");
            Dataset late = read(own, data + ", from: 2026-01-01T00:15:00Z}\n");

            String topic = own.names.vectors(Machines.view().contract());
            assertThat(all.kept())
                    .containsEntry("vectors of wear.v1", new Checks.Kept(1, 0, ""))
                    .containsEntry(
                            "vectors of state.v1",
                            new Checks.Kept(
                                    6,
                                    4,
                                    topic + "/0@2: load is a string, the contract says a number"));
            assertThat(all.unreadable()).isEqualTo(4);
            // What does not say of which time it is may be of any.
            assertThat(late.kept().get("vectors of state.v1"))
                    .isEqualTo(
                            new Checks.Kept(
                                    4,
                                    3,
                                    topic
                                            + "/0@3: load is a boolean, the contract says a"
                                            + " number"));
        }
    }

    private static String vector(Instant time, String load) {
        return "{\"entity\":\"m0\",\"query_time\":\"" + time + "\",\"load\":" + load + "}";
    }

    private static Dataset read(Machines machines, String data) {
        DatasetReader reader = reader(machines, data);
        return reader.read(reader.now());
    }

    @Test
    void whatBreaksTheSchemaOfEventsIsCountedWhereARowCanHaveItsLabelOfIt() throws Exception {
        try (Machines own = Machines.fresh()) {
            own.state(0, at(30), 30.0, 0.1, own.event(0, at(30), "{\"machine\":7}"));
            own.write(1, at(40), 40.0, 0.1, true);
            own.event(2, at(20), "[]");
            own.event(2, at(60), "[]");
            own.event(2, at(90), false);
            String topic = own.names.enriched(Machines.view().source());

            Dataset ofOwn = read(own, "data: {view: state, label: {when: event.failed == 1}}\n");
            Dataset ofLater =
                    read(
                            own,
                            "data: {view: state, label: {when: event.failed == 1, within: 30m}}\n");

            assertThat(ofOwn.kept().get("events of machine.v1"))
                    .isEqualTo(
                            new Checks.Kept(
                                    2,
                                    1,
                                    topic
                                            + "/0@0: machine is a number, the contract says a"
                                            + " string"));
            // Of the four before the last, two are not after any row's time: no label is of them.
            Checks.Kept later = Objects.requireNonNull(ofLater.kept().get("events of machine.v1"));
            assertThat(later.records()).isEqualTo(2);
            assertThat(later.unreadable()).isEqualTo(1);
            assertThat(later.first()).startsWith(topic + "/2@1: ");
        }
    }

    private static List<String> pairs(Dataset dataset) {
        Rows rows = dataset.rows();
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            texts.add(rows.value(row, 0) + " " + rows.value(row, 1));
        }
        return texts;
    }

    private static DatasetReader ofSet(Machines machines, String more) {
        return reader(machines, "data: {set: health" + more + "}\n");
    }

    private static DatasetReader reader(Machines machines, String data) {
        return new DatasetReader(
                machines.log,
                machines.names,
                Machines.training("rows", data),
                TrainingProgress.NONE);
    }

    @Test
    void aSetIsTakenAtTheTimesOfOneOfItsViews() {
        DatasetReader all = ofSet(machines, ", view: state, missing: nan");
        Dataset dataset = all.read(all.now());

        // Wear first: of equal times the one written last, half an hour old at the most, and none
        // that is later than the row.
        assertThat(pairs(dataset))
                .containsExactly(
                        "3.0 10.0", "NaN 11.0", "NaN 20.0", "3.0 40.0", "7.0 NaN", "NaN 60.0");
        assertThat(dataset.rows().features()).containsExactly("wear", "strain");
        assertThat(dataset.seen().get("wear")).isEqualTo(new Checks.Seen(6, 3, 0, 3, 7));

        DatasetReader whole = ofSet(machines, ", view: state");
        Dataset complete = whole.read(whole.now());
        assertThat(pairs(complete)).containsExactly("3.0 10.0", "3.0 40.0");
        assertThat(complete.leftOut().lacking()).isEqualTo(4);
    }

    @Test
    void aSetMayBeTakenAtTheTimesOfItsOtherViewAndInPart() {
        DatasetReader reader = ofSet(machines, ", features: strain");

        assertThat(rows(reader.read(reader.now())))
                .containsExactly("10.0", "10.0", "11.0", "20.0", "40.0");
    }

    @Test
    void ofAViewOfTheSameEventsARowHasTheVectorOfItsOwn() throws Exception {
        try (Machines own = Machines.fresh()) {
            // The second event of the machine is older than the first: at its time, and at that of
            // the third, the newest of the other view would be that of the first.
            long first = own.write(0, at(30), 1.0, 0.1, false);
            long second = own.write(0, at(10), 2.0, 0.1, false);
            long third = own.write(0, at(31), 3.0, 0.1, false);
            own.power(0, at(30), 10.0, first);
            own.power(0, at(30), 20.0, second);
            own.power(1, at(30), 99.0, third);
            long deleted = own.write(2, at(40), 4.0, 0.1, false);
            own.power(2, at(41), 50.0, deleted + 1);
            String data = "data: {set: output, view: state, missing: nan}\n";

            Dataset dataset = reader(own, data).read(reader(own, data).now());

            assertThat(pairs(dataset))
                    .containsExactlyInAnyOrder("1.0 10.0", "2.0 20.0", "3.0 NaN", "4.0 NaN");
        }
    }

    @Test
    void theNameOfASetsRowsLeadsToTheSame() throws Exception {
        try (Machines own = Machines.fresh()) {
            own.wear(2, at(10), 3.0);
            own.write(2, at(20), 20.0, 0.2, false);
            DatasetName name = ofSet(own, ", view: state").now();
            own.wear(2, at(19), 4.0);

            DatasetReader later = ofSet(own, ", view: state");
            assertThat(pairs(later.read(later.now()))).containsExactly("4.0 20.0");
            DatasetReader again = ofSet(own, ", view: state");
            DatasetName parsed = again.again(DatasetName.parse(name.json()));
            assertThat(parsed).isEqualTo(name);
            assertThat(pairs(again.read(parsed))).containsExactly("3.0 20.0");

            DatasetName ofOneView = reader(own, "data: {view: state}\n").now();
            assertThatThrownBy(() -> ofSet(own, ", view: state").again(ofOneView))
                    .isInstanceOf(TrainingStopped.class)
                    .hasMessage("the run has learned from state.v1 as it was defined then");
        }
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
