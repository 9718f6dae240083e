package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Everything at once for a while: load, kills of the whole program, an enrichment service in
/// trouble, and newer versions of the contract while events flow. In the end each acknowledged
/// event is there once, and `leat audit --deep` is clean. `-Dleat.soak.seconds` says for how long
/// (the soak is 1800), `-Dleat.seed` repeats the decisions.
final class SoakIT {

    private static final Pattern VERSION = Pattern.compile("\nversion: 1\\.(\\d+)\\.0\n");

    private static final long SECONDS = Long.getLong("leat.soak.seconds", 45);
    private static final int LEAST_KILLS = 2;

    @TempDir private Path workspace;

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void losesAndDoublesNothingWhateverComesTogether() throws IOException {
        // Given
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("seed " + seed + ", -Dleat.seed repeats it");
        Random random = new Random(seed);
        int offset = LeatProcess.freePortOffset(random);
        Ledger ledger = new Ledger(CarLoad.CONTRACT);
        int kills = 0;
        int versions = 1;

        try (TroubledService service = new TroubledService(seed)) {
            prepare(service);

            // When
            try (Reborn program = Reborn.start(workspace, offset)) {
                try (CarLoad load = program.load(ledger, seed)) {
                    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                    while (System.nanoTime() < until || kills < LEAST_KILLS) {
                        program.awaitMore(load, 300 + random.nextInt(2_000));
                        service.setDown(random.nextInt(3) == 0);
                        program.awaitMore(load, 300 + random.nextInt(2_000));
                        program.kill();
                        kills++;
                        if (kills == 1 || random.nextInt(3) == 0) {
                            upgrade();
                            versions++;
                        }
                        program.restart();
                    }
                    service.setDown(false);
                    program.awaitMore(load, 500);
                }

                // Then
                SettledAudit.assertClean(workspace, offset, ledger, program::output);
                System.out.printf(
                        "soak: %d s, %d kills, %d versions, %,d events acknowledged, %,d calls of"
                                + " the service, %,d failures of it%n",
                        SECONDS,
                        kills,
                        versions,
                        ledger.size(),
                        service.calls(),
                        service.failures());
                assertThat(service.failures()).isPositive();
                assertThat(program.stop()).isEqualTo(143);
            }
        }
    }

    /// The example, with a step that asks the service and lets events die that get no answer.
    private void prepare(TroubledService service) throws IOException {
        Workspaces.copyExample(workspace);
        Files.writeString(
                workspace.resolve("leat.yaml"),
                """
                lake:
                  loader:
                    commit-interval: 1s
                enricher:
                  apis:
                    troubled:
                      url: %s
                      breaker-pause: 500ms
                      batch: 20
                """
                        .formatted(service.url()));
        String contract = Files.readString(contract());
        String withField =
                contract.replace(
                        "      - name: fleet\n",
                        """
                              - name: soak_make
                                logicalType: string
                              - name: fleet
                        """);
        String withStep =
                withField.replace(
                        "      - field: fleet\n",
                        """
                              - api: troubled
                                key: "event.car + '@' + string(event.time)"
                                fields: {soak_make: make}
                                timeout: 400ms
                                onFailure: dead
                              - field: fleet
                        """);
        assertThat(withStep).contains("soak_make: make").contains("name: soak_make");
        Files.writeString(contract(), withStep);
    }

    /// The next minor version, with one more optional field.
    private void upgrade() throws IOException {
        String contract = Files.readString(contract());
        Matcher version = VERSION.matcher(contract);
        assertThat(version.find()).isTrue();
        int minor = Integer.parseInt(version.group(1)) + 1;
        Files.writeString(
                contract(),
                version.replaceFirst("\nversion: 1." + minor + ".0\n")
                        .replace(
                                "      - name: fleet\n",
                                "      - name: soak_note_"
                                        + minor
                                        + "\n        logicalType: string\n      - name: fleet\n"));
    }

    private Path contract() {
        return workspace.resolve("contracts/car-telemetry.odcs.yaml");
    }
}
