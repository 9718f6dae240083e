package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import leat.system.Progress.Hop;
import leat.system.SeparateRoles.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The promise of the whole with each role in a process of its own, whichever of them is killed.
/// `-Dleat.kills` says how many kills, beyond one of each; the seed is `-Dleat.seed`.
final class SeparateRolesIT {

    private static final int KILLS = Integer.getInteger("leat.kills", 0);

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /// Commits and upkeep of the lake often enough to be hit by the kills.
    private static final String SETTINGS =
            """
            format: 1
            prefix: cars
            lake:
              loader:
                commit-interval: 1s
              maintenance:
                interval: 15s
            """;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path workspace;

    /// What is killed, and which hop has to come back. What is kept down stays dead until another
    /// process has taken its partitions over.
    private enum Kill {
        ENRICHER_RESTARTED(Part.ENRICHER_A, Hop.ENRICHED),
        ENRICHER_KEPT_DOWN(Part.ENRICHER_B, Hop.ENRICHED),
        ENRICHER_KEPT_DOWN_IN_TRANSACTION(Part.ENRICHER_B, Hop.ENRICHED),
        LAKE_LOADER_RESTARTED(Part.LAKE_A, Hop.LAKE),
        LAKE_LOADER_KEPT_DOWN(Part.LAKE_B, Hop.LAKE),
        COLLECTOR_RESTARTED(Part.COLLECTOR, Hop.RAW),
        SEARCH_LOADER_RESTARTED(Part.SEARCH, Hop.SEARCH),
        SEARCH_ENGINE_ITSELF(Part.OPENSEARCH, Hop.SEARCH),
        BROKER_RESTARTED(Part.KAFKA, Hop.ENRICHED);

        private final Part part;
        private final Hop hop;

        Kill(Part part, Hop hop) {
            this.part = part;
            this.hop = hop;
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void losesAndDoublesNothingWhicheverProcessIsKilledUnderLoad() throws IOException {
        // Given
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("seed " + seed + ", -Dleat.seed repeats it");
        Random random = new Random(seed);
        Workspaces.copyExample(workspace, SETTINGS);
        int offset = LeatProcess.freePortOffset(random);
        Ledger ledger = new Ledger(CarLoad.CONTRACT);
        Recoveries recoveries =
                new Recoveries(
                        "Roles in separate processes, kill -9 to all partitions committed beyond"
                                + " the log's end at the kill");

        // When
        try (SeparateRoles roles = new SeparateRoles(workspace, offset)) {
            for (Part part : Part.values()) {
                roles.start(part);
            }
            roles.of(Part.COLLECTOR).awaitReady(LIMIT);
            try (CarLoad load = load(roles, ledger, seed);
                    Progress progress =
                            new Progress(
                                    workspace,
                                    offset,
                                    () -> load.isSending() && roles.allAlive())) {
                awaitFlow(progress);
                for (Kill kill : kills(random)) {
                    // What they have said is added below.
                    load.awaitMore(100 + random.nextInt(900), roles::allAlive, () -> "");
                    recoveries.add(
                            kill.name().toLowerCase(Locale.ROOT), recovery(kill, roles, progress));
                    awaitFlow(progress);
                }
            } catch (IllegalStateException e) {
                throw new IllegalStateException(e.getMessage() + "\n" + roles.lastWords(), e);
            }

            // Then
            recoveries.writeAs("roles");
            SettledAudit.assertClean(workspace, offset, ledger, roles::lastWords);
            for (Part part : List.of(Part.values()).reversed()) {
                assertThat(roles.of(part).stop()).as(part.name()).isEqualTo(143);
            }
        }
    }

    private static CarLoad load(SeparateRoles roles, Ledger ledger, long seed) {
        return new CarLoad(
                roles.of(Part.COLLECTOR).collector(), ledger, seed, Duration.ofMillis(250));
    }

    /// One of each in an order of chance, then any. Left to chance is what a kill inside a
    /// transaction shows as well.
    private static List<Kill> kills(Random random) {
        List<Kill> kills = new ArrayList<>(List.of(Kill.values()));
        kills.remove(Kill.ENRICHER_KEPT_DOWN);
        Collections.shuffle(kills, random);
        while (kills.size() < KILLS) {
            kills.add(Kill.values()[random.nextInt(Kill.values().length)]);
        }
        return kills;
    }

    /// From the kill until the hop has committed, in every partition, more than there was when it
    /// happened.
    private static Duration recovery(Kill kill, SeparateRoles roles, Progress progress) {
        Map<Integer, Long> ends = progress.ends(kill.hop);
        long killed = System.nanoTime();
        switch (kill) {
            case ENRICHER_RESTARTED,
                    LAKE_LOADER_RESTARTED,
                    COLLECTOR_RESTARTED,
                    SEARCH_LOADER_RESTARTED,
                    BROKER_RESTARTED -> {
                roles.kill(kill.part);
                roles.start(kill.part);
            }
            case ENRICHER_KEPT_DOWN, LAKE_LOADER_KEPT_DOWN -> roles.kill(kill.part);
            case ENRICHER_KEPT_DOWN_IN_TRANSACTION -> {
                // Chance hits the few milliseconds of a transaction too rarely.
                roles.kill(kill.part);
                roles.start(kill.part, "-Dleat.failpoint=enricher.after-offsets:20")
                        .awaitExit(LIMIT);
                killed = System.nanoTime();
                ends = progress.ends(kill.hop);
                roles.kill(kill.part);
            }
            case SEARCH_ENGINE_ITSELF -> roles.of(kill.part).killChildren();
        }
        progress.awaitPast(kill.hop, ends);
        Duration took = Duration.ofNanos(System.nanoTime() - killed);
        switch (kill) {
            case ENRICHER_KEPT_DOWN, ENRICHER_KEPT_DOWN_IN_TRANSACTION, LAKE_LOADER_KEPT_DOWN ->
                    roles.start(kill.part);
            case ENRICHER_RESTARTED,
                    LAKE_LOADER_RESTARTED,
                    COLLECTOR_RESTARTED,
                    SEARCH_LOADER_RESTARTED,
                    SEARCH_ENGINE_ITSELF,
                    BROKER_RESTARTED -> {}
        }
        return took;
    }

    /// All share the work, and all of it goes on.
    private static void awaitFlow(Progress progress) {
        progress.awaitSharers(Hop.ENRICHED, 2);
        progress.awaitSharers(Hop.LAKE, 2);
        progress.awaitSharers(Hop.SEARCH, 1);
        for (Hop hop : Hop.values()) {
            progress.awaitPast(hop, progress.ends(hop));
        }
    }
}
