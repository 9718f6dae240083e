package leat.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import leat.core.monitor.Drift.Limits;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DriftTest {

    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void theMeasuresAreThoseComputedByHand() {
        Drift drift = Drift.between(numbers(0, 60, 30, 10), numbers(0, 30, 30, 40)).orElseThrow();

        // Half a row more in each interval; the absent are empty in both, and so left out.
        double psi = 30 / 101.5 * Math.log(60.5 / 30.5) + 30 / 101.5 * Math.log(40.5 / 10.5);
        double js =
                (0.6 * log2(0.6 / 0.45)
                                + 0.1 * log2(0.1 / 0.25)
                                + 0.3 * log2(0.3 / 0.45)
                                + 0.4 * log2(0.4 / 0.25))
                        / 2;
        assertThat(drift.psi()).isCloseTo(psi, EXACT);
        assertThat(drift.ks().getAsDouble()).isCloseTo(0.3, EXACT);
        assertThat(drift.js()).isCloseTo(js, EXACT);
        // χ² of two degrees of freedom: -2 ln(1e-6); the approximation is above by 9.5 %.
        assertThat(drift.psiByChance()).isBetween(27.631 / 50, 1.1 * 27.631 / 50);
        assertThat(drift.ksByChance().getAsDouble())
                .isCloseTo(Math.sqrt(Math.log(2e6) / 2 / 50), EXACT);
    }

    @Test
    void equalProfilesHaveNone() {
        FeatureProfile profile = numbers(7, 60, 30, 10);

        Drift drift = Drift.between(profile, profile).orElseThrow();

        assertThat(drift.psi()).isZero();
        assertThat(drift.ks()).hasValue(0);
        assertThat(drift.js()).isZero();
        assertThat(drift.beyond(Limits.DEFAULT)).isEmpty();
    }

    @Test
    void whatHasNothingInCommonIsAsFarAsCanBe() {
        Drift drift = Drift.between(numbers(0, 500, 0), numbers(0, 0, 500)).orElseThrow();

        assertThat(drift.ks()).hasValue(1);
        assertThat(drift.js()).isCloseTo(1, EXACT);
        assertThat(drift.psi()).isFinite().isGreaterThan(10);
        assertThat(drift.beyond(Limits.DEFAULT))
                .extracting(Drift.Beyond::measure)
                .containsExactly("psi", "ks", "js");
    }

    @Test
    void valuesThatGoMissingAreDriftWithoutMovingTheOthers() {
        Drift drift = Drift.between(numbers(0, 500, 500), numbers(500, 250, 250)).orElseThrow();

        assertThat(drift.psi()).isGreaterThan(1);
        assertThat(drift.ks()).hasValue(0);
    }

    @Test
    void allValuesMissingIsDriftThatKolmogorovAndSmirnovDoNotKnow() {
        Drift drift = Drift.between(numbers(0, 500, 500), numbers(800, 0, 0)).orElseThrow();

        assertThat(drift.ks()).isEmpty();
        assertThat(drift.beyond(Limits.DEFAULT))
                .extracting(Drift.Beyond::measure)
                .containsExactly("psi", "js");
    }

    @Test
    void ofNothingNothingCanBeSaid() {
        assertThat(Drift.between(numbers(0, 0, 0), numbers(0, 5, 5))).isEmpty();
        assertThat(Drift.between(numbers(0, 5, 5), numbers(0, 0, 0))).isEmpty();
    }

    @Test
    void aConstantThatStaysHasNoneAndOneThatMovesHas() {
        Profile baseline = sketch(i -> 3.0, 1_000);

        Drift same = of(baseline, tally(baseline, i -> 3.0, 400));
        Drift above = of(baseline, tally(baseline, i -> 3.5, 400));
        Drift below = of(baseline, tally(baseline, i -> 2.5, 400));

        assertThat(same.psi()).isZero();
        assertThat(same.ks()).hasValue(0);
        assertThat(above.ks()).hasValue(1);
        assertThat(below.ks()).hasValue(1);
        assertThat(above.beyond(Limits.DEFAULT)).hasSize(3);
    }

    @Test
    void categoriesDriftByTheirSharesAndByNewOnes() {
        FeatureProfile then = categories(0, 50, 50);
        FeatureProfile same = categories(0, 25, 25);
        FeatureProfile moved = categories(60, 20, 20);

        assertThat(Drift.between(then, same).orElseThrow().psi()).isCloseTo(0, within(1e-9));
        Drift drift = Drift.between(then, moved).orElseThrow();
        assertThat(drift.ks()).isEmpty();
        assertThat(drift.psi()).isGreaterThan(0.25);
    }

    @Test
    void profilesThatTellDifferentThingsApartAreRefused() {
        FeatureProfile.Numbers numbers = numbers(0, 5, 5);

        assertThatThrownBy(() -> Drift.between(numbers, numbers(0, 5, 5, 5)))
                .hasMessageContaining("tell different things apart");
        assertThatThrownBy(() -> Drift.between(numbers, categories(0, 1, 1)))
                .hasMessageContaining("tell different things apart");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itIsSymmetricAndGrowsWithTheShift(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Profile baseline = sketch(_ -> random.nextGaussian(), 5_000);

        Drift before = of(baseline, tally(baseline, _ -> random.nextGaussian(), 5_000));
        for (double shift = 0.25; shift <= 2; shift += 0.25) {
            double by = shift;
            Profile moved = tally(baseline, _ -> random.nextGaussian() + by, 5_000);
            Drift drift = of(baseline, moved);
            Drift back = of(moved, baseline);

            assertThat(drift.psi()).isGreaterThan(before.psi()).isCloseTo(back.psi(), EXACT);
            assertThat(drift.ks().getAsDouble()).isGreaterThan(before.ks().getAsDouble());
            assertThat(drift.ks()).isEqualTo(back.ks());
            assertThat(drift.js()).isGreaterThan(before.js()).isCloseTo(back.js(), EXACT);
            before = drift;
        }
    }

    /// 200 streams of 25 windows each, of different sizes and shapes, heavy tails, few values and
    /// missing ones among them: no window may seem to drift.
    @Test
    void quietStreamsRaiseNoAlarm() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int shape = (int) (seed % 5);
            int rows = 20 << (seed % 7);
            Profile baseline = sketch(_ -> draw(random, shape), 500 + 10 * (int) seed);
            for (int window = 0; window < 25; window++) {
                Drift drift = of(baseline, tally(baseline, _ -> draw(random, shape), rows));

                assertThat(drift.beyond(Limits.DEFAULT))
                        .as("seed %d, window %d of %d rows: %s", seed, window, rows, drift)
                        .isEmpty();
            }
        }
    }

    /// A shift of one deviation is found in every window of 200 rows.
    @Test
    void aPlantedShiftIsFound() {
        for (long seed = 0; seed < 100; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Profile baseline = sketch(_ -> random.nextGaussian(), 2_000);

            Drift drift = of(baseline, tally(baseline, _ -> random.nextGaussian() + 1, 200));

            assertThat(drift.beyond(Limits.DEFAULT)).as("seed %d: %s", seed, drift).isNotEmpty();
        }
    }

    private static Object draw(SplittableRandom random, int shape) {
        return switch (shape) {
            case 0 -> random.nextGaussian();
            case 1 -> Math.exp(2 * random.nextGaussian());
            case 2 -> random.nextInt(3);
            case 3 -> random.nextInt(5) == 0 ? Double.NaN : random.nextDouble();
            default -> random.nextBoolean() ? 0.0 : random.nextExponential();
        };
    }

    private interface Values {
        Object at(int row);
    }

    private static Profile sketch(Values values, int rows) {
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number("x")));
        for (int row = 0; row < rows; row++) {
            sketch.add(row, List.of(values.at(row)));
        }
        return sketch.profile();
    }

    private static Profile tally(Profile like, Values values, int rows) {
        ProfileTally tally = new ProfileTally(like);
        for (int row = 0; row < rows; row++) {
            tally.add(List.of(values.at(row)));
        }
        return tally.profile();
    }

    private static Drift of(Profile baseline, Profile now) {
        return Objects.requireNonNull(Drift.between(baseline, now).get("x"));
    }

    private static FeatureProfile.Numbers numbers(long nulls, long... counts) {
        List<Double> edges = new ArrayList<>();
        for (int i = 1; i < counts.length; i++) {
            edges.add((double) i);
        }
        long values = Arrays.stream(counts).sum();
        return new FeatureProfile.Numbers(
                nulls,
                0,
                0,
                values,
                0,
                counts.length,
                1,
                1,
                new Histogram(edges, Arrays.stream(counts).boxed().toList()));
    }

    private static FeatureProfile.Categories categories(long others, long a, long b) {
        SequencedMap<String, Long> counts = new LinkedHashMap<>();
        counts.put("a", a);
        counts.put("b", b);
        return new FeatureProfile.Categories(0, counts, others);
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
