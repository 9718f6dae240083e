package leat.core.feature;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.Contracts;
import leat.core.feature.FeatureSet.Member;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeatureSetReaderTest {

    private static final Path FILE = Path.of("breakdown.yaml");

    private static final String SERVICES =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: services
            version: 1.0.0
            status: active
            schema:
              - name: services
                properties:
                  - {name: number, logicalType: integer, required: true}
                  - {name: cost, logicalType: number}
            customProperties:
              - {property: leat.key, value: number}
            """;

    private static final List<CompiledView> VIEWS =
            List.of(
                    view("driving", "car", "readings", "version: 3", "speed", "gear", "time"),
                    view("wear", "car", "readings", "", "gear", "price"),
                    view("trips", "driver", "readings", "", "speed"),
                    view("costs", "car", "services", "", "cost"));

    @TempDir Path folder;

    private static CompiledView view(
            String name, String entity, String source, String more, String... fields) {
        Contract services = OdcsReader.read(Path.of("services.odcs.yaml"), SERVICES).orThrow();
        Contracts contracts = new Contracts(List.of(FeatureContracts.readings(), services));
        String features =
                List.of(fields).stream()
                        .map(field ->
                                "  - {name: " + field + ", expression: event." + field + "}\n")
                        .collect(joining());
        String text =
                "entity: "
                        + entity
                        + "\nsource: "
                        + source
                        + "\n"
                        + (more.isEmpty() ? "" : more + "\n")
                        + "features:\n"
                        + features;
        return FeatureViewReader.read(Path.of(name + ".yaml"), text, contracts).orThrow();
    }

    private static FeatureSet set(String text) {
        return FeatureSetReader.read(FILE, text, VIEWS).orThrow();
    }

    private static List<String> problems(String text) {
        return FeatureSetReader.read(FILE, text, VIEWS).faults().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void aSetIsReadInItsOwnOrderAndWithItsOwnNames() {
        FeatureSet set =
                set(
                        """
                        description: What shows before a car fails
                        owner: fleet analytics
                        tags: [maintenance, model]
                        entity: car
                        features:
                          - view: wear
                            names: [price, gear]
                            rename: {gear: gear_of_wear}
                          - {view: driving.v3, names: gear}
                          - {view: wear, names: gear}
                        """
                                .replace(
                                        "  - {view: wear, names: gear}\n",
                                        "  - {view: wear, names: gear, rename: {gear: again}}\n"));

        assertThat(set)
                .isEqualTo(
                        new FeatureSet(
                                new ContractName("breakdown"),
                                "What shows before a car fails",
                                Optional.of("fleet analytics"),
                                List.of("maintenance", "model"),
                                "car",
                                List.of(
                                        new Member("price", "wear", "price"),
                                        new Member("gear_of_wear", "wear", "gear"),
                                        new Member("gear", "driving.v3", "gear"),
                                        new Member("again", "wear", "gear")),
                                FILE));
        assertThat(set.views()).containsExactly("wear", "driving.v3");
        assertThat(set.names()).containsExactly("price", "gear_of_wear", "gear", "again");
    }

    @Test
    void anEntryWithoutNamesTakesAllOfTheViewInItsOrder() {
        assertThat(
                        set("""
                        entity: car
                        features:
                          - {view: driving, rename: {time: seen}}
                        """)
                                .members())
                .containsExactly(
                        new Member("speed", "driving", "speed"),
                        new Member("gear", "driving", "gear"),
                        new Member("seen", "driving", "time"));
    }

    @Test
    void twoFeaturesOfOneNameAreRefusedWithAnotherName() {
        assertThat(
                        problems(
                                """
                                entity: car
                                features:
                                  - view: driving
                                    names:
                                      - speed
                                      - gear
                                  - view: wear
                                    names:
                                      - price
                                      - gear
                                """))
                .containsExactly(
                        "breakdown.yaml:10: features[1].names: 'gear' comes from line 6 too. Rename"
                                + " one of the two, e.g. rename: {gear: wear_gear}.");
        assertThat(
                        problems(
                                """
                                entity: car
                                features:
                                  - {view: driving, names: [gear]}
                                  - view: wear
                                """))
                .containsExactly(
                        "breakdown.yaml:4: features[1].view: 'gear' comes from line 3 too. Rename"
                                + " one of the two, e.g. rename: {gear: wear_gear}.");
        assertThat(problems("entity: car\nfeatures:\n  - {view: driving, names: [gear, gear]}\n"))
                .containsExactly(
                        "breakdown.yaml:3: features[0].names: 'gear' comes from line 3 too. Remove"
                                + " one of the two.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    {names: [gear]} | .view: is missing. Name a feature view.
                    {view: drivin, names: [gear]} | .view: there is no feature view 'drivin'. Write 'driving' if that was meant.
                    {view: driving.v2, names: [gear]} | .view: there is no feature view 'driving.v2'. Write 'driving.v3', the version that there is, or 'driving' to follow it.
                    {view: driving, names: [geer]} | .names: the view driving has no feature 'geer'. Write 'gear' if that was meant.
                    {view: driving, names: []} | .names: names none. List features, or leave it out to take all of the view.
                    {view: driving, names: [gear], rename: {speed: pace}} | .rename.speed: is none of the features of this entry. Use one of gear.
                    {view: driving, names: [gear], rename: {gear: Gear}} | .rename.gear: 'Gear' cannot be a feature's name. Use at most 80 lower case letters, digits and single underscores, a letter first.
                    {view: driving, names: [gear], rename: {gear: query_time}} | .rename.gear: 'query_time' has its own meaning in a vector. Use another name.
                    {view: driving, names: [gear], rename: gear} | .rename: is a text where keys are expected.
                    {view: driving, names: [time]} | .names: 'time' is the column of the times in training sets. Rename it, e.g. rename: {time: driving_time}.
                    {view: driving, name: [gear], names: [gear]} | .name: unknown key. Write 'names' if that was meant.
                    {view: trips, names: [speed]} | .view: 'trips' is of a driver, the set of a car. Leave it out, or put it into another set.
                    """)
    void anEntryThatCannotWorkIsRefusedWithARemedy(String entry, String problem) {
        assertThat(problems("entity: car\nfeatures:\n  - " + entry + "\n"))
                .containsExactly("breakdown.yaml:3: features[0]" + problem);
    }

    @Test
    void viewsWhoseKeysDifferInTypeAreNotOfTheSameEntity() {
        assertThat(
                        problems(
                                """
                                entity: car
                                features:
                                  - {view: driving, names: [gear]}
                                  - {view: costs, names: [cost]}
                                """))
                .containsExactly(
                        "breakdown.yaml:4: features[1].view: the key of 'costs' is of type integer,"
                                + " that of 'driving' of type string, so that they do not name the"
                                + " same car. Put it into another set, or give both contracts keys"
                                + " of one type.");
    }

    @Test
    void aViewIsPinnedInAllEntriesOrInNone() {
        assertThat(
                        problems(
                                """
                                entity: car
                                features:
                                  - {view: driving, names: [gear]}
                                  - {view: driving.v3, names: [speed]}
                                """))
                .containsExactly(
                        "breakdown.yaml:4: features[1].view: 'driving.v3' is called 'driving' in"
                                + " line 3. Write 'driving' here too.");
    }

    @Test
    void aSetNamesItsEntityAndAtLeastOneFeature() {
        assertThat(problems("version: 1\n"))
                .containsExactly(
                        "breakdown.yaml:1: version: unknown key. Use one of description, entity,"
                                + " features, owner, tags.",
                        "breakdown.yaml:1: entity: is missing. Say what the features are of, e.g."
                                + " car.",
                        "breakdown.yaml:1: features: names none. List at least one view with its"
                                + " features.");
    }

    @Test
    void aSetHasAtMostThousandFeatures() {
        String entries =
                IntStream.rangeClosed(1, 1_001)
                        .mapToObj(n ->
                                "  - {view: wear, names: gear, rename: {gear: gear_" + n + "}}\n")
                        .collect(joining());

        assertThat(problems("entity: car\nfeatures:\n" + entries))
                .containsExactly(
                        "breakdown.yaml:2: features: names 1001 features, more than 1000. Split the"
                                + " set.");
    }

    /// @param names of the views that could not be read
    private static ReadViews faulty(List<CompiledView> sound, String... names) {
        return new ReadViews(
                new Checked.Faulty<>(FeatureSetReader.read(FILE, "", List.of()).faults()),
                sound,
                Set.of(names));
    }

    @Test
    void whatDoesNotDependOnAFaultyViewIsCheckedBesideIt() throws IOException {
        Files.writeString(
                folder.resolve("breakdown.yaml"),
                """
                entity: car
                features:
                  - {view: driving, names: [speed, gear, speed]}
                  - {view: driving.v3, names: [any, time], rename: {other: else}}
                  - {view: driving}
                  - {view: wear, names: [gear, prize]}
                  - {view: drivin, names: [speed]}
                  - {view: wear.v7, names: [price]}
                  - {view: trips, names: [speed]}
                """);

        assertThat(
                        FeatureSetReader.readFolder(
                                        folder, faulty(VIEWS.subList(1, VIEWS.size()), "driving"))
                                .faults())
                .extracting(problem -> problem.from(folder).toString())
                .containsExactlyInAnyOrder(
                        "breakdown.yaml:3: features[0].names: 'speed' comes from line 3 too. Remove"
                                + " one of the two.",
                        "breakdown.yaml:4: features[1].rename.other: is none of the features of"
                                + " this entry. Use one of any, time.",
                        "breakdown.yaml:4: features[1].names: 'time' is the column of the times in"
                                + " training sets. Rename it, e.g. rename: {time: driving_time}.",
                        "breakdown.yaml:6: features[3].names: 'gear' comes from line 3 too. Rename"
                                + " one of the two, e.g. rename: {gear: wear_gear}.",
                        "breakdown.yaml:6: features[3].names: the view wear has no feature"
                                + " 'prize'. Write 'price' if that was meant.",
                        "breakdown.yaml:7: features[4].view: there is no feature view 'drivin'."
                                + " Write 'driving' if that was meant.",
                        "breakdown.yaml:8: features[5].view: there is no feature view 'wear.v7'."
                                + " Write 'wear.v1', the version that there is, or 'wear' to follow"
                                + " it.",
                        "breakdown.yaml:9: features[6].view: 'trips' is of a driver, the set of a"
                                + " car. Leave it out, or put it into another set.");
    }

    @Test
    void filesOfAFolderAreReadByTheirNamesAndFaultyViewsHideLittle() throws IOException {
        Files.writeString(folder.resolve("b.yaml"), "entity: car\nfeatures:\n  - {view: wear}\n");
        Files.writeString(
                folder.resolve("a.yaml"),
                "entity: car\nfeatures:\n  - {view: driving, names: gear}\n");
        Files.writeString(folder.resolve("notes.txt"), "nothing");
        ReadViews faulty = faulty(List.of(), "driving", "wear");

        assertThat(FeatureSetReader.readFolder(folder, ReadViews.of(VIEWS)).orThrow())
                .extracting(set -> set.name().value())
                .containsExactly("a", "b");
        assertThat(FeatureSetReader.readFolder(folder, faulty).faults()).isEmpty();
        assertThat(
                        FeatureSetReader.readFolder(folder.resolve("none"), ReadViews.of(VIEWS))
                                .orThrow())
                .isEmpty();

        Files.writeString(folder.resolve("C_1.yaml"), "entity: car\nfeatures:\n  - {vew: wear}\n");
        assertThat(FeatureSetReader.readFolder(folder, faulty).faults())
                .extracting(problem -> problem.from(folder).toString())
                .containsExactly(
                        "C_1.yaml:1: the name of the file is no name of a set. Use lower case"
                                + " letters, digits and hyphens, a letter first: breakdown.yaml.",
                        "C_1.yaml:3: features[0].vew: unknown key. Write 'view' if that was meant.",
                        "C_1.yaml:3: features[0].view: is missing. Name a feature view.");
    }
}
