package leat.ml.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.core.model.Alias;
import leat.core.model.AliasMove;
import leat.core.model.ModelReference;
import leat.core.model.MoveRefused;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.ml.featurestore.FeatureKafka;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Aliases that are moved in a log, with nothing but Kafka, beside others who write there.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class PromotionsIT {

    private static final Promotions.Will WILL = new Promotions.Will(false, "");
    private static final List<String> FAIL_POINTS =
            List.of("models.after-send:6", "models.after-commit:5", "models.after-send:7");

    private final Names names = RegistryKafka.prepare();
    private final LogConnection log = FeatureKafka.connection();
    private final RegistryLog registry = registry();
    private final ModelsInLog models = new ModelsInLog(log, names);
    private final Promotions promotions = new Promotions(registry, models);

    @TempDir private Path folder;

    private RegistryLog registry() {
        return new RegistryLog(log, names, InstantSource.system());
    }

    @BeforeEach
    void register() {
        try (ArtifactLog artifacts = new ArtifactLog(log, names, folder, InstantSource.system())) {
            artifacts.put(
                    new ArtifactPath("0/r1/artifacts/model/model.onnx"),
                    new ByteArrayInputStream(new byte[] {1}));
        }
        registry.write(new RegisteredModelCommand.Create("c", "cars", "", Map.of()));
        for (int version = 1; version <= 5; version++) {
            register("mlflow-artifacts:/0/r1/artifacts/model");
        }
    }

    private void register(String source) {
        registry.write(
                new VersionCommand.Create(
                        "v" + registry.read(state -> state.versions("cars")).size(),
                        "cars",
                        source,
                        "",
                        "",
                        "",
                        "",
                        Map.of()));
    }

    @AfterEach
    void close() {
        models.close();
        registry.close();
    }

    private Promotions.Moved promote(int version, Promotions.Will will) {
        return promotions.promote(new ModelReference.Numbered("cars", version), "champion", will);
    }

    private Promotions.Moved rollback() {
        return promotions.rollback("cars", "champion", OptionalInt.empty(), WILL);
    }

    @Test
    void whatIsChangedIsSaidAndASecondTimeNothingIs() {
        Promotions.Moved first = promote(1, WILL);
        Promotions.Moved second = promote(2, WILL);
        Promotions.Moved again = promote(2, WILL);
        Promotions.Moved back = rollback();
        Promotions.Moved backAgain = rollback();

        assertThat(first.from()).isEmpty();
        assertThat(second.from()).hasValue(1);
        assertThat(List.of(first, second, again, back, backAgain))
                .extracting(Promotions.Moved::changed)
                .containsExactly(true, true, false, true, false);
        assertThat(back.from()).hasValue(2);
        assertThat(back.move().version()).isEqualTo(1);
        assertThat(backAgain.position()).isEqualTo(back.position());
    }

    @Test
    void versionsWithoutFilesInTheLogAreNotServed() {
        register("runs:/gone/model");
        register("mlflow-artifacts:/0/empty");
        register("s3://elsewhere/model");
        promote(1, WILL);

        assertThatThrownBy(() -> promote(6, new Promotions.Will(true, "x")))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("cars/6 has no files: Run with id=gone not found");
        assertThatThrownBy(() -> promote(7, new Promotions.Will(true, "x")))
                .isInstanceOf(MoveRefused.class)
                .hasMessage("cars/7 has no files: nothing is at mlflow-artifacts:/0/empty");
        assertThatThrownBy(() -> promote(8, WILL))
                .isInstanceOf(MoveRefused.class)
                .hasMessageStartingWith(
                        "the files of cars/8 cannot be served: cars/8 is in"
                                + " 's3://elsewhere/model', and which files it is was not looked"
                                + " up");
        assertThat(promote(8, new Promotions.Will(true, "served elsewhere")).move().because())
                .isEqualTo("served elsewhere");
    }

    @Test
    void ofTwoWhoGoBackAtTheSameTimeOneDoesAndWhoWasFencedWritesOn() throws Exception {
        for (int version = 1; version <= 3; version++) {
            promote(version, WILL);
        }
        try (RegistryLog other = registry();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Promotions theirs = new Promotions(other, models);
            Future<Promotions.Moved> one = threads.submit(this::rollback);
            Future<Promotions.Moved> two =
                    threads.submit(
                            () -> theirs.rollback("cars", "champion", OptionalInt.empty(), WILL));

            assertThat(List.of(one.get().changed(), two.get().changed()))
                    .containsExactlyInAnyOrder(true, false);
            for (int i = 0; i < 3; i++) {
                registry.write(new RegisteredModelCommand.SetAlias("cars", "next", 1 + i));
                other.write(new RegisteredModelCommand.SetAlias("cars", "next", 3 - i));
            }
        }
        assertThat(champion().version()).isEqualTo(2);
    }

    private Alias champion() {
        return Objects.requireNonNull(
                registry.read(state -> state.model("cars").orElseThrow())
                        .aliases()
                        .get("champion"));
    }

    @Test
    void killedInBetweenTheAliasAndItsMovesStandTogetherAndNothingIsMovedTwice() throws Exception {
        Path done = folder.resolve("done.txt");
        for (String failPoint : FAIL_POINTS) {
            Process process = MovesUntilKilled.start(failPoint, names, done, next(done));
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(failPoint).isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(failPoint).isEqualTo(FailPoint.EXIT_CODE);

            assertMoves(failPoint, next(done));
        }
        assertThat(next(done)).isGreaterThan(12);
    }

    /// The first number that no process was told is done.
    private static int next(Path done) throws Exception {
        return Files.exists(done) ? Integer.parseInt(Files.readAllLines(done).getLast()) + 1 : 0;
    }

    /// All moves that are done are there once, and at most one that nobody knows of.
    private void assertMoves(String when, int done) {
        List<AliasMove> moves = champion().moves().reversed();
        assertThat(moves).as(when).hasSizeBetween(done, done + 1);
        for (int number = 0; number < moves.size(); number++) {
            AliasMove move = moves.get(number);
            assertThat(move.because()).as(when).isEqualTo(Integer.toString(number));
            assertThat(move.version()).as(when).isEqualTo(MovesUntilKilled.version(number));
            assertThat(move.kind() == AliasMove.Kind.BACK)
                    .as(when)
                    .isEqualTo(MovesUntilKilled.isBack(number));
        }
        assertThat(champion().version()).as(when).isEqualTo(moves.getLast().version());
    }
}
