package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class CommandLineTest {

    @TempDir private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine line = LeatCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    @Test
    void aFreshWorkspaceIsSound() {
        // Given
        assertThat(run("init", folder.toString())).isEqualTo(ExitCode.DONE);

        // When
        int exitCode = run("validate", "--workspace", folder.toString());

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("orders", "1.0.0", "contracts/orders.odcs.yaml");
    }

    @Test
    void aFreshWorkspaceForTelemetryIsSound() {
        // Given
        assertThat(run("init", "--template", "telemetry", folder.toString()))
                .isEqualTo(ExitCode.DONE);

        // When
        int exitCode = run("validate", "--workspace", folder.toString());

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        assertThat(out.toString())
                .contains("contracts/log-record.odcs.yaml", "contracts/metric-point.odcs.yaml");
    }

    @Test
    void aBenchThatIsAskedForTheImpossibleDoesNotBegin() {
        assertThat(run("bench", "score", "--max-joined-rows", "0")).isEqualTo(ExitCode.WRONG_USE);

        assertThat(err.toString())
                .contains("--max-joined-rows must be from 1 to 10000, not 0")
                .doesNotContain("filling");
    }

    private void writeView(String text) throws IOException {
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(folder.resolve("features/spending.yaml"), text);
    }

    /// What both commands say of a sound workspace.
    private String validatedAndPlanned() {
        int validated = run("validate", "--workspace", folder.toString());
        int planned = run("plan", "--workspace", folder.toString());
        assertThat(err.toString()).isEmpty();
        assertThat(validated).isEqualTo(ExitCode.DONE);
        assertThat(planned).isEqualTo(ExitCode.DONE);
        return out.toString().replaceAll(" +", " ");
    }

    @Test
    void featureViewsAreCheckedListedAndPlannedWithTheirTopics() throws IOException {
        // Given
        run("init", folder.toString());
        writeView(
                """
                entity: customer
                source: orders
                features:
                  - {name: orders, aggregate: [count, age], windows: [1h, 1d],
                     expect: {range: {minimum: 0}}}
                """);

        // When, then
        assertThat(validatedAndPlanned())
                .contains("spending 1 customer orders.v1 4 4 features/spending.yaml")
                .contains("create topic leat.quality 1 partitions")
                .contains("create view spending.v1 4 features of a customer from orders.v1")
                .contains("create topic leat.vectors.spending.v1", "topic leat.latest.spending.v1")
                .contains("create table leat.spending_v1")
                .doesNotContain("leat.raw.spending", "leat.spending_v1_dead");
    }

    @Test
    void featureSetsAreCheckedListedAndPlanned() throws IOException {
        // Given
        run("init", folder.toString());
        writeView(
                """
                entity: customer
                source: orders
                features:
                  - {name: orders, aggregate: [count, age], windows: [1h, 1d]}
                """);
        Path sets = Files.createDirectories(folder.resolve("features/sets"));
        Files.writeString(
                sets.resolve("churn.yaml"),
                "entity: customer\nfeatures:\n  - {view: spending.v1, names: orders_age_1d}\n");

        // When, then
        assertThat(validatedAndPlanned())
                .contains("SET ENTITY FEATURES VIEWS FILE")
                .contains("churn customer 1 spending.v1 features/sets/churn.yaml")
                .contains("keep set churn 1 features of a customer from spending.v1");

        // When
        Files.writeString(
                sets.resolve("churn.yaml"),
                "entity: customer\nfeatures:\n  - {view: spending, names: orders_age_1w}\n");

        // Then
        assertThat(run("up", "--workspace", folder.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains(
                        "features/sets/churn.yaml:3: features[0].names: the view spending has no"
                                + " feature 'orders_age_1w'. Write 'orders_age_1d' if that was"
                                + " meant.");
    }

    @Test
    void theCatalogueIsSearchedWithoutAPlatform() throws IOException {
        // Given
        run("init", folder.toString());
        writeView(
                """
                tags: money
                entity: customer
                source: orders
                features:
                  - {name: amount, expression: event.amount, aggregate: sum, windows: 1h,
                     expect: {range: {minimum: 0}, severity: warning}}
                """);

        // When
        int all = run("catalog", "--workspace", folder.toString());

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(all).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("contract orders.v1", "view spending.v1 customer orders.v1")
                .doesNotContain("amount_sum_1h");

        // When
        out.getBuffer().setLength(0);
        run("catalog", "amount", "--tag", "money", "--workspace", folder.toString());

        // Then
        assertThat(out.toString().replaceAll(" +", " "))
                .contains("feature spending.v1:amount_sum_1h number orders.v1:amount")
                .contains("rule spending.v1:amount-sum-1h-range warning spending.v1:amount_sum_1h")
                .contains("outside of [0.0, …): must be 0 within 1m")
                .doesNotContain("contract orders.v1");

        // When
        out.getBuffer().setLength(0);
        run("catalog", "amount", "--json", "--workspace", folder.toString());

        // Then
        assertThat(out.toString())
                .contains("\"kind\":\"contract\"")
                .contains("\"features\":[\"spending.v1:amount_sum_1h\"]");
        assertThat(run("catalog", "--kind", "views", "--workspace", folder.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("there is no kind 'views'", "rite 'view' if that was meant");
    }

    @Test
    void aCatalogueOfTheLakeThatCannotBeOpenedIsToldWithItsPlaceAndARemedy() throws IOException {
        // Given
        run("init", folder.toString());
        Path lake = folder.resolve(".leat/lake.db");
        Files.createDirectories(lake.getParent());
        Files.writeString(lake, "no database. ".repeat(1_000));

        // When
        int ofTheWorkspace = run("catalog", "--lake", "--workspace", folder.toString());

        // Then
        assertThat(ofTheWorkspace).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .startsWith("leat: the lake cannot be read: ")
                .contains("file is not a database")
                .contains("      see that " + lake + " and the files of the lake beside it can be");

        // When
        err.getBuffer().setLength(0);
        Files.writeString(
                folder.resolve("leat.yaml"),
                "format: 1\nlake: {store: {catalog: 'jdbc:sqlite:"
                        + folder.resolve("away/lake.db")
                        + "'}}\n");
        int elsewhere = run("catalog", "--lake", "--workspace", folder.toString());

        // Then
        assertThat(elsewhere).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("away/lake.db")
                .contains("      see that what lake.store in leat.yaml names is there");
    }

    /// Each is refused before the log is asked.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tail chrn                     | there is no contract, feature view or scoring 'chrn' | rite 'churn' if that was meant
                    tail spending --topic raw     | spending.v1 has no records of that kind | rite --topic vectors
                    tail churn --topic enriched   | churn.v1 has no records of that kind | rite --topic predictions or --topic dead
                    dead retry churn              | dead predictions do not come back: churn.v1 is a scoring | ook at them with leat dead list
                    dead retry orders.v9 --yes    | there is no contract, feature view or scoring 'orders.v9' | rite 'orders' if that was meant
                    audit spending                | the vectors of spending.v1 are audited as what scorings have to predict of | ame a scoring
                    """)
    void aCommandSaysWhatPredictionsAndVectorsDoNotHave(String words, String what, String remedy)
            throws IOException {
        run("init", folder.toString());
        writeView(
                """
                entity: customer
                source: orders
                features: [{name: amount, expression: event.amount}]
                """);
        Files.writeString(
                Files.createDirectories(folder.resolve("models")).resolve("churn.yaml"),
                "scoring: {model: churn, view: spending, outputs: {risk: variable}}\n");

        int exitCode =
                run(
                        Stream.concat(
                                        Stream.of(words.split(" ")),
                                        Stream.of("--workspace", folder.toString()))
                                .toArray(String[]::new));

        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains(what, remedy);
    }

    @Test
    void aFaultyFeatureViewStopsTheWorkspace() throws IOException {
        // Given
        run("init", folder.toString());
        writeView("entity: customer\nsource: order\nfeatures:\n  - {name: n}\n");

        // When
        int exitCode = run("up", "--workspace", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("features/spending.yaml:2: source: there is no contract or view 'order'.")
                .contains("Write 'orders' if that was meant.");
    }

    @Test
    void initTouchesNoFileThatIsThere() throws IOException {
        // Given
        Files.writeString(folder.resolve("leat.yaml"), "format: 1\n");

        // When
        int exitCode = run("init", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("exists already", "leat init FOLDER");
        assertThat(folder.resolve("leat.yaml")).hasContent("format: 1");
    }

    @Test
    void everyProblemOfAWorkspaceIsNamedWithFileAndLine() throws IOException {
        // Given
        run("init", folder.toString());
        Files.writeString(folder.resolve("leat.yaml"), "format: 1\nprefx: a\nlog:\n  port: x\n");

        // When
        int exitCode = run("validate", "--workspace", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("leat.yaml:2: prefx: there is no such key. Write 'prefix'")
                .contains("leat.yaml:4: log.port: 'x' is not a number in range");
    }

    @Test
    void aFileThatIsNotReadForItsNameIsNamedWithTheOneThatIs() throws IOException {
        // Given
        run("init", folder.toString());
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(folder.resolve("models/risk.yml"), "");
        Files.writeString(folder.resolve("contracts/cars.odcs.yml"), "");

        // When
        int exitCode = run("validate", "--workspace", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains(
                        "risk.yml:1: is not read: its name ends with .yml. Rename it to risk.yaml.")
                .contains("cars.odcs.yml:1: is not read")
                .contains("Rename it to cars.odcs.yaml.");
    }

    private void writeModel(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(folder.resolve("models/" + name + ".yaml"), text);
    }

    @Test
    void algorithmsThatATrainingCannotHaveAreNamedWithFileAndLine() throws IOException {
        // Given
        run("init", folder.toString());
        writeView(
                """
                entity: customer
                source: orders
                features: [{name: amount, expression: event.amount}]
                """);
        writeModel(
                "nearly",
                """
                training:
                  model: nearly
                  data: {view: spending, label: {when: event.amount > 10.0}}
                  algorithm: xgbost
                """);
        writeModel(
                "many",
                """
                training:
                  model: many
                  data: {view: spending, label: {when: event.amount > 10.0}}
                  algorithm: {name: xgboost, parameters: {rounds: many, depth: 4}}
                """);
        writeModel(
                "unlabelled",
                """
                training:
                  model: unlabelled
                  data: {view: spending}
                  algorithm: logistic
                """);
        Files.createDirectories(folder.resolve("models/sound"));
        writeModel(
                "sound",
                """
                training:
                  model: sound
                  data: {view: spending, label: {when: event.amount > 10.0}}
                  algorithm: {name: command, run: [no-such-program]}
                  baseline: logistic
                """);

        // When
        int exitCode = run("validate", "--workspace", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("nearly.yaml:4: training.algorithm: there is no algorithm 'xgbost'")
                .contains("'xgboost' if that was meant")
                .contains("many.yaml:4: training.algorithm: ", "rounds", "depth")
                .contains("unlabelled.yaml:4: training.algorithm: logistic learns from labels")
                .doesNotContain("sound.yaml");
    }

    @Test
    void aPredictionOfNoScoringIsNotExplainedAndThereIsAWayToOne() throws IOException {
        // Given
        run("init", folder.toString());
        String[] explain = {"models", "explain", "a/0@1", "--workspace", folder.toString()};

        // When
        int without = run(explain);
        writeView(
                """
                entity: customer
                source: orders
                features: [{name: amount, expression: event.amount}]
                """);
        writeModel(
                "risk", "scoring: {model: risk, view: spending, outputs: {risk: {output: risk}}}");
        int unknown =
                run(
                        "models",
                        "explain",
                        "a/0@1",
                        "--scoring",
                        "rsik",
                        "--workspace",
                        folder.toString());

        // Then
        assertThat(without).isEqualTo(ExitCode.FAILED);
        assertThat(unknown).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString())
                .contains("the workspace has no scoring", "write scoring into a file of models")
                .contains("there is no scoring 'rsik'", "write 'risk' if that was meant");
    }

    @Test
    void wrongUseEndsWithTwoAndSaysWhatIsRight() {
        // When
        int exitCode = run("sned");

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.WRONG_USE);
        assertThat(err.toString()).contains("sned", "Usage: leat", "send");
    }

    @Test
    void aFolderWithoutWorkspaceIsNamedWithTheRemedy() {
        // When
        int exitCode = run("validate", "--workspace", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("there is no leat.yaml", "leat init");
    }

    @Test
    void aContractThatIsNotThereNamesTheNearest() {
        // Given
        run("init", folder.toString());

        // When
        int exitCode = run("export", "jsonschema", "ordres", "--workspace", folder.toString());

        // Then
        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("there is no contract 'ordres'", "orders");
    }

    @Test
    void theFirstPlanNeedsNothingThatRunsAndMakesNothing() {
        // Given
        run("init", folder.toString());

        // When
        int exitCode = run("plan", "--workspace", folder.toString());

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        assertThat(out.toString().lines().filter(line -> line.startsWith("create")))
                .anyMatch(line -> line.contains("leat.raw.orders.v1"))
                .anyMatch(line -> line.contains("leat.dead-lake.orders.v1"))
                .anyMatch(line -> line.endsWith("leat.orders_v1_dead"));
        assertThat(folder.resolve(".leat")).doesNotExist();
    }
}
