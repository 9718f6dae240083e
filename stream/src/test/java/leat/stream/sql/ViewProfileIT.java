package leat.stream.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import leat.core.contract.Contract;
import leat.stream.sql.VectorFixture.Vector;
import leat.stream.sql.ViewProfile.FeatureProfile;
import leat.stream.sql.ViewProfile.Quantiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewProfileIT {

    private static final long START_MILLIS = 1_780_000_000_000L;
    private static final int VECTORS = 200;

    @TempDir private Path folder;

    @Test
    void valuesOfTheLakeAndTheLogAreCountedFromTheTimeOn() {
        Contract driving = VectorFixture.view("car-driving", 1);
        try (VectorFixture fixture = new VectorFixture(folder, List.of(driving))) {
            // Given vectors a second apart, of ten entities, every fourth without a speed
            List<Vector> vectors = new ArrayList<>();
            for (int n = 0; n < VECTORS; n++) {
                vectors.add(
                        new Vector(
                                "car-" + n % 10,
                                n % VectorFixture.PARTITIONS,
                                n,
                                (START_MILLIS + n * 1_000L) * 1_000,
                                START_MILLIS + n * 1_000L,
                                n % 4 == 0 ? null : n % 8 + 0.5,
                                n));
            }
            fixture.write(driving, vectors.subList(0, 100));
            fixture.load(100, List.of(driving));
            fixture.write(driving, vectors.subList(100, VECTORS));

            // When
            try (SqlEngine engine = fixture.engine()) {
                Instant since = Instant.ofEpochMilli(START_MILLIS + 80_000);
                ViewProfile profile = ViewProfile.of(engine, driving, since);

                // Then
                assertThat(profile.view()).isEqualTo("car-driving");
                assertThat(profile.vectors()).isEqualTo(120);
                assertThat(profile.entities()).isEqualTo(10);
                assertThat(profile.logIncluded()).isTrue();
                assertThat(Instant.parse(String.valueOf(profile.oldest()))).isEqualTo(since);
                assertThat(Instant.parse(String.valueOf(profile.newest())))
                        .isEqualTo(Instant.ofEpochMilli(START_MILLIS + 199_000));
                assertThat(profile.features())
                        .extracting(FeatureProfile::name)
                        .containsExactly("speed", "n", "label");
                FeatureProfile speed = profile.features().getFirst();
                assertThat(speed)
                        .isEqualTo(
                                new FeatureProfile(
                                        "speed",
                                        "number",
                                        90,
                                        0.25,
                                        6,
                                        1.5,
                                        4.5,
                                        7.5,
                                        speed.quantiles()));
                assertNear(profile.features().get(1), 86, 109.5, 139.5, 169.5, 193);
                assertThat(profile.features().get(2).quantiles()).isNull();
                assertThat(profile.features().get(1).min()).isEqualTo(80L);
                assertThat(profile.features().get(1).mean()).isEqualTo(139.5);
                assertThat(profile.features().get(2).mean()).isNull();

                // And where there is no vector
                ViewProfile none =
                        ViewProfile.of(engine, driving, Instant.ofEpochMilli(START_MILLIS * 2));
                assertThat(none.vectors()).isZero();
                assertThat(none.newest()).isNull();
                assertThat(none.features().getFirst())
                        .isEqualTo(
                                new FeatureProfile(
                                        "speed", "number", 0, null, 0, null, null, null, null));
            }
        }
    }

    /// Within a tenth of their range.
    private static void assertNear(FeatureProfile feature, double... expected) {
        Quantiles of = Objects.requireNonNull(feature.quantiles());
        double range = expected[4] - expected[0];
        assertThat(new double[] {of.p5(), of.p25(), of.p50(), of.p75(), of.p95()})
                .containsExactly(expected, within(range / 10));
    }
}
