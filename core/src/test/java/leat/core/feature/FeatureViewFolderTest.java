package leat.core.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contracts;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What matters of views only where they stand in a folder.
class FeatureViewFolderTest {

    @TempDir Path folder;

    @Test
    void filesOfAFolderAreReadByTheirNames() throws IOException {
        String features = "features:\n  - {name: gear, expression: event.gear}\n";
        write("driving.yaml", "entity: car\nsource: readings\n" + features);
        write("notes.txt", "nothing");

        List<CompiledView> views = folder().orThrow();

        assertThat(views)
                .extracting(view -> view.contract().nameAndMajor())
                .containsExactly("driving.v1");
        assertThat(FeatureViewReader.readFolder(folder.resolve("none"), contracts()).orThrow())
                .isEmpty();
    }

    @Test
    void filesWhoseNamesCannotBeNamesAreRefused() throws IOException {
        String text =
                "entity: car\nsource: readings\nfeatures:\n  - {name: n, aggregate: count,"
                        + " windows: [5m]}\n";
        write("readings.yaml", text);
        write("readings-v1.yaml", text);
        write("Driving_2.yaml", text);
        write("more.yaml", text.replace("readings", "readings-v1"));

        assertThat(folder().faults())
                .extracting(problem -> problem.from(folder).toString())
                .containsExactly(
                        "Driving_2.yaml:1: the name of the file is no name of a view. Use lower"
                                + " case letters, digits and hyphens, a letter first:"
                                + " driving.yaml.",
                        "readings-v1.yaml:1: the table readings_v1 belongs to readings.odcs.yaml"
                                + " already. Rename the file.",
                        "readings.yaml:1: 'readings' is the name of a contract, whose topics and"
                                + " tables are named alike. Rename the file.");
    }

    @Test
    void aFaultyViewAndWhatReadsItLeaveTheOthersSound() throws IOException {
        String count = "features:\n  - {name: n, aggregate: count, windows: [5m]}\n";
        write("broken.yaml", "entity: car\nsource: readings\nowners: all\n" + count);
        write("behind.yaml", "entity: car\nsource: unread\n" + count);
        write("driving.yaml", "entity: car\nsource: readings\n" + count);
        write("unread.yaml", "entity: car\nsource: readings\nfeatures: [\n");
        write("Misnamed.yaml", "entity: car\nsource: readings\n" + count);

        ReadViews views = FeatureViewReader.readViews(folder, contracts());

        assertThat(views.sound())
                .extracting(view -> view.view().name().value())
                .containsExactly("driving");
        assertThat(views.faulty())
                .containsExactlyInAnyOrder("Misnamed", "behind", "broken", "unread");
        assertThat(views.all().faults())
                .extracting(problem -> problem.location().file().getFileName().toString())
                .containsExactly("Misnamed.yaml", "broken.yaml", "unread.yaml");
    }

    @Test
    void whatNeedsNoContractIsCheckedWithoutContracts() throws IOException {
        write(
                "driving.yaml",
                "entity: car\nsource: any\nfeatures:\n  - {name: gear, expresion: event.gear}\n");
        Problem unreadable =
                FeatureViewReader.read(Path.of("any.yaml"), "", FeatureContracts.all())
                        .faults()
                        .getFirst();

        assertThat(
                        FeatureViewReader.readFolder(
                                        folder, new Checked.Faulty<>(List.of(unreadable)))
                                .faults())
                .extracting(problem -> problem.from(folder).toString())
                .containsExactly(
                        "driving.yaml:4: features[0].expresion: unknown key. Write 'expression' if"
                                + " that was meant.");
    }

    private Checked<List<CompiledView>> folder() {
        return FeatureViewReader.readFolder(folder, contracts());
    }

    private static Checked<Contracts> contracts() {
        return new Checked.Sound<>(FeatureContracts.all());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
