package leat.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProfileTest {

    private static final List<ProfiledFeature> FEATURES =
            List.of(ProfiledFeature.number("speed"), ProfiledFeature.category("model"));

    @Test
    void aProfileTellsWhatThereIs() {
        ProfileSketch sketch = new ProfileSketch(FEATURES);
        List<List<Object>> rows =
                List.of(
                        Arrays.asList(1, "a"),
                        Arrays.asList(2.0, "b"),
                        Arrays.asList(6L, "b"),
                        Arrays.asList(null, null),
                        Arrays.asList(Double.NaN, "b"),
                        Arrays.asList(Double.POSITIVE_INFINITY, "b"),
                        Arrays.asList("fast", true));
        for (int row = 0; row < rows.size(); row++) {
            sketch.add(row, rows.get(row));
        }

        Profile profile = sketch.profile();

        assertThat(profile.rows()).isEqualTo(7);
        FeatureProfile.Numbers speed = numbers(profile, "speed");
        assertThat(speed.nulls()).isEqualTo(1);
        assertThat(speed.nans()).isEqualTo(2);
        assertThat(speed.infinities()).isEqualTo(1);
        assertThat(speed.values()).isEqualTo(3);
        assertThat(speed.min()).isEqualTo(1);
        assertThat(speed.max()).isEqualTo(6);
        assertThat(speed.mean()).isCloseTo(3, within(1e-12));
        assertThat(speed.stddev()).isCloseTo(Math.sqrt(14.0 / 3), within(1e-12));
        assertThat(speed.histogram().total()).isEqualTo(3);
        FeatureProfile.Categories model = categories(profile, "model");
        assertThat(model.counts()).containsEntry("b", 4L);
        assertThat(model.counts().keySet()).containsExactly("b", "a", "true");
        assertThat(model.nulls()).isEqualTo(1);
    }

    @Test
    void edgesCutValuesIntoIntervalsOfEqualWeight() {
        Profile profile = sketch(0, 2_000, row -> (double) row);

        Histogram histogram = histogram(profile);

        assertThat(histogram.edges()).hasSize(19).startsWith(99.5, 199.5);
        assertThat(histogram.counts()).containsOnly(100L);
    }

    @Test
    void whatComesOutALittleDifferentStaysInItsInterval() {
        double[] leaves = {1e-4, 1.3e-4, 0.02, 0.5, 0.98, 0.9989};
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number("score")));
        for (int row = 0; row < 300; row++) {
            sketch.add(row, List.of(leaves[row % 6]));
        }
        Profile then = sketch.profile();
        ProfileTally tally = new ProfileTally(then);
        for (int row = 0; row < 300; row++) {
            tally.add(List.of(leaves[row % 6] + (row % 4 < 2 ? 5e-8 : -5e-8)));
        }

        assertThat(histogram(tally.profile()).counts()).isEqualTo(histogram(then).counts());
    }

    @Test
    void aFrequentValueHasAnIntervalOfItsOwn() {
        Profile profile = sketch(0, 1_000, row -> row % 2 == 0 ? 0.0 : row);

        Histogram histogram = histogram(profile);

        assertThat(histogram.edges()).startsWith(-1e-6, 1e-6);
        assertThat(histogram.counts()).startsWith(0L, 500L);
    }

    @Test
    void aTallyCountsInTheIntervalsAndCategoriesOfAnother() {
        Profile training =
                Profile.parse(
                        """
                        {"features": [
                          {"name": "speed", "kind": "number", "nulls": 0, "nans": 0,
                           "infinities": 0, "values": 3, "min": 1, "max": 9, "mean": 4,
                           "stddev": 2, "edges": [3, 5], "counts": [1, 1, 1]},
                          {"name": "model", "kind": "category", "nulls": 0,
                           "categories": {"a": 2, "b": 1}, "others": 0}]}
                        """
                                .getBytes(StandardCharsets.UTF_8));
        ProfileTally tally = new ProfileTally(training);
        tally.add(List.of(2.9, "a"));
        tally.add(List.of(3, "c"));
        tally.add(List.of(5, "c"));
        tally.add(List.of(7, "b"));

        Profile seen = tally.profile();

        assertThat(histogram(seen).counts()).containsExactly(1L, 1L, 2L);
        FeatureProfile.Categories model = categories(seen, "model");
        assertThat(model.counts()).containsEntry("a", 1L).containsEntry("b", 1L).hasSize(2);
        assertThat(model.others()).isEqualTo(2);
        assertThat(tally.profile().emptied()).isEqualTo(new ProfileTally(training).profile());
    }

    @Test
    void jsonBringsBackTheSame() {
        SplittableRandom random = new SplittableRandom(1);
        ProfileSketch sketch = new ProfileSketch(FEATURES);
        for (int row = 0; row < 500; row++) {
            sketch.add(
                    row,
                    Arrays.asList(
                            row % 7 == 0 ? null : random.nextGaussian() * 1e9,
                            "type \"" + random.nextInt(5)));
        }

        Profile profile = sketch.profile();

        assertThat(Profile.parse(profile.json())).isEqualTo(profile);
        Profile empty = new ProfileSketch(FEATURES).profile();
        assertThat(Profile.parse(empty.json())).isEqualTo(empty);
        assertThat(new String(empty.json(), StandardCharsets.UTF_8)).doesNotContain("NaN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"features\": 1}",
                "{\"features\": [{\"name\": \"a\", \"kind\": \"colour\"}]}",
                "{\"features\": [{\"name\": \"a\", \"kind\": \"category\", \"nulls\": -1}]}",
                "{\"features\": []} {}",
                "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
                """
                {"features": [{"name": "a", "kind": "number", "nulls": 0, "nans": 0,
                  "infinities": 0, "values": 0, "edges": [2, 1], "counts": [0, 0, 0]}]}
                """
            })
    void whatIsNoProfileIsRefused(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> Profile.parse(bytes))
                .isInstanceOf(ProfileUnreadable.class)
                .hasMessageStartingWith("not a profile: ");
    }

    @Test
    void profilesOfPartsAddUpToThatOfTheWhole() {
        Profile like = sketch(0, 100, row -> (double) row);
        ProfileTally whole = new ProfileTally(like);
        ProfileTally one = new ProfileTally(like);
        ProfileTally other = new ProfileTally(like);
        SplittableRandom random = new SplittableRandom(7);
        for (int row = 0; row < 1_000; row++) {
            List<Object> values = Arrays.asList(random.nextInt(9) == 0 ? null : random.nextInt(99));
            whole.add(values);
            (row % 3 == 0 ? one : other).add(values);
        }

        Profile sum = one.profile().plus(other.profile());

        FeatureProfile.Numbers added = numbers(sum, "x");
        FeatureProfile.Numbers counted = numbers(whole.profile(), "x");
        assertThat(added.histogram()).isEqualTo(counted.histogram());
        assertThat(added.rows()).isEqualTo(counted.rows());
        assertThat(added.mean()).isCloseTo(counted.mean(), within(1e-9));
        assertThat(added.stddev()).isCloseTo(counted.stddev(), within(1e-9));
        Profile nothing = one.profile().emptied();
        assertThat(one.profile().plus(nothing)).isEqualTo(one.profile());
        assertThat(nothing.plus(one.profile())).isEqualTo(one.profile());
        assertThatThrownBy(() -> sum.plus(sketch(0, 7, row -> (double) row)))
                .hasMessageContaining("have no sum");
    }

    @Test
    void sketchesOfPartsAreThatOfTheWholeWhateverTheOrder() {
        SplittableRandom random = new SplittableRandom(3);
        int rows = 3 * ProfileSketch.SAMPLE_ROWS;
        double[] values = random.doubles(rows).map(value -> value * value).toArray();
        ProfileSketch whole = new ProfileSketch(List.of(ProfiledFeature.number("x")));
        ProfileSketch one = new ProfileSketch(List.of(ProfiledFeature.number("x")));
        ProfileSketch other = new ProfileSketch(List.of(ProfiledFeature.number("x")));
        for (int row = 0; row < rows; row++) {
            whole.add(row, List.of(values[row]));
            int turned = rows - 1 - row;
            (turned % 5 == 0 ? one : other).add(turned, List.of(values[turned]));
        }

        other.addAll(one);

        Histogram sampled = histogram(whole.profile());
        assertThat(histogram(other.profile())).isEqualTo(sampled);
        assertThat(sampled.total()).isEqualTo(ProfileSketch.SAMPLE_ROWS);
        assertThat(sampled.edges().get(9)).isCloseTo(0.25, within(0.02));
        assertThat(other.profile().rows()).isEqualTo(rows);
    }

    @Test
    void categoriesAreLimitedAndTheRarestAreOthers() {
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.category("x")));
        int texts = CategorySketch.MAX_KNOWN + 500;
        for (int row = 0; row < texts; row++) {
            sketch.add(row, List.of("text-" + row));
        }
        sketch.add(texts, List.of("text-7"));

        FeatureProfile.Categories profile = categories(sketch.profile(), "x");

        assertThat(profile.counts()).hasSize(FeatureProfile.Categories.MAX_CATEGORIES);
        assertThat(profile.counts().firstEntry().getKey()).isEqualTo("text-7");
        assertThat(profile.rows()).isEqualTo(texts + 1L);
    }

    private interface Values {
        double at(int row);
    }

    private static Profile sketch(int from, int to, Values values) {
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number("x")));
        for (int row = from; row < to; row++) {
            sketch.add(row, List.of(values.at(row)));
        }
        return sketch.profile();
    }

    private static FeatureProfile.Numbers numbers(Profile profile, String name) {
        return (FeatureProfile.Numbers) Objects.requireNonNull(profile.features().get(name));
    }

    private static FeatureProfile.Categories categories(Profile profile, String name) {
        return (FeatureProfile.Categories) Objects.requireNonNull(profile.features().get(name));
    }

    private static Histogram histogram(Profile profile) {
        return numbers(profile, profile.features().sequencedKeySet().getFirst()).histogram();
    }
}
