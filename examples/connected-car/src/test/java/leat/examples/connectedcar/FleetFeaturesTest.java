package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.Field;
import leat.core.contract.Measure;
import leat.core.contract.Range;
import leat.core.enrich.Enrichment;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureView;
import leat.core.feature.FeatureViewReader;
import leat.core.feature.Observation;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.Test;

/// The feature views of the workspace, and the one of the guide, over what the fleet sends.
class FleetFeaturesTest {

    private static final Path GUIDE = Path.of("../../docs/how-to/define-features.md");

    private final Checked<Contracts> contracts = OdcsReader.readFolder(Path.of("contracts"));

    @Test
    void everyViewIsSoundAndEachOfItsValuesComesFromSomeReading() {
        // Given
        List<CompiledView> views =
                FeatureViewReader.readFolder(Path.of("features"), contracts).orThrow();

        // When
        Set<String> given = new HashSet<>();
        List<String> failures = new ArrayList<>();
        for (Row row : enriched(60_000)) {
            for (CompiledView view : views) {
                Observation seen =
                        view.observe(row, 0, 0, 0, (_, message) -> failures.add(message))
                                .orElseThrow();
                for (int i = 0; i < seen.values().size(); i++) {
                    if (seen.values().get(i) != null) {
                        given.add(view.view().name() + " " + i);
                    }
                }
            }
        }

        // Then
        Set<String> wanted = new HashSet<>();
        for (CompiledView view : views) {
            for (int i = 0; i < view.shape().series().size(); i++) {
                wanted.add(view.view().name() + " " + i);
            }
        }
        assertThat(views)
                .extracting(view -> view.view().name().value())
                .containsExactly("driving", "firmware-baseline", "shocks", "signs", "wear");
        assertThat(views.stream().flatMap(view -> view.fields().stream()).map(Field::name))
                .contains(
                        "speed_mean_1m",
                        "vibration_stddev_1h",
                        "tire_pressure_spread",
                        "coolant_rate_5m",
                        "shock_age_7d");
        assertThat(failures).isEmpty();
        assertThat(given).isEqualTo(wanted);
    }

    /// A mean or greatest value is within the bounds that hold for each.
    @Test
    void theFleetKeepsTheBoundsThatItsViewExpects() {
        CompiledView driving =
                FeatureViewReader.readFolder(Path.of("features"), contracts).orThrow().getFirst();
        Range<Double> speed = range(driving, "speed_max_5m");
        Range<Double> throttle = range(driving, "throttle_mean_5m");

        assertThat(enriched(20_000))
                .isNotEmpty()
                .allMatch(
                        row -> row.value("speed") instanceof Double value && speed.contains(value))
                .allMatch(row ->
                        row.value("throttle_pos") instanceof Double value
                                && throttle.contains(value));
    }

    private static Range<Double> range(CompiledView view, String feature) {
        return view.contract().quality().rules().stream()
                .filter(rule -> rule.field().equals(feature))
                .flatMap(rule ->
                        rule.measure() instanceof Measure.OutOfRange outside
                                ? Stream.of(outside.range())
                                : Stream.empty())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSetOfABreakdownModelFitsTheViews() {
        List<FeatureSet> sets =
                FeatureSetReader.readFolder(
                                Path.of("features", FeatureSetReader.FOLDER),
                                FeatureViewReader.readViews(Path.of("features"), contracts))
                        .orThrow();

        assertThat(sets).extracting(set -> set.name().value()).containsExactly("breakdown");
        assertThat(sets.getFirst().views()).containsExactly("wear", "shocks", "driving");
        assertThat(sets.getFirst().names())
                .hasSize(21)
                .startsWith("vibration_by_speed_mean_5m")
                .contains("coolant_trend", "shock_age_7d")
                .endsWith("firmware");
    }

    private List<Row> enriched(int events) {
        Contract telemetry = contracts.orThrow().find("car-telemetry").orElseThrow();
        Validator validator = Validator.forRaw(telemetry);
        Enrichment enrichment = Enrichment.of(telemetry);
        Plan plan = new Plan(3, 2000, 1000, Instant.parse("2026-01-15T08:00:00Z"));
        Feed feed = EventGenerator.named("connected-car").open(plan, Slice.WHOLE);
        List<Row> rows = new ArrayList<>();
        for (int event = 0; event < events; event++) {
            feed.next((name, buffer, length) -> {
                if (name.equals(telemetry.name())
                        && validator.validate(buffer, 0, length) instanceof Outcome.Valid valid
                        && enrichment.apply(valid.row()).outcome() instanceof Outcome.Valid whole) {
                    rows.add(whole.row());
                }
            });
        }
        return rows;
    }

    @Test
    void theViewOfTheGuideIsSoundAndHasTheFeaturesThatTheGuideNames() throws IOException {
        // Given
        String guide = Files.readString(GUIDE);
        String text = block(guide, "```yaml\n(.*?)```");
        String names = block(guide, "```\n(\\s*speed_mean_1m.*?)```");

        // When
        FeatureView view =
                FeatureViewReader.read(
                                Path.of("features/driving-style.yaml"), text, contracts.orThrow())
                        .orThrow()
                        .view();

        // Then
        List<String> features = view.features().stream().map(FeatureView.Feature::name).toList();
        assertThat(features).isEqualTo(names.lines().toList());
        assertThat(guide)
                .containsPattern(
                        "driving-style +1 +car +car-telemetry.v1 +"
                                + features.size()
                                + " +0 +features/driving-style.yaml");
    }

    /// A block of a list item, without what it is moved in by.
    private static String block(String page, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(page);
        assertThat(matcher.find()).as(pattern).isTrue();
        return Objects.requireNonNull(matcher.group(1)).stripIndent().stripTrailing();
    }
}
