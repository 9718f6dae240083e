package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import leat.launcher.demo.DemoReport;
import leat.launcher.demo.ModelOutcome;
import leat.launcher.demo.OfferedVersion;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class DemoTextTest {

    private static final ModelOutcome FORETELLS =
            new ModelOutcome(
                    "breakdown",
                    Optional.of("breakdown/2"),
                    61_234,
                    1_200,
                    Optional.of(0.914),
                    17,
                    Optional.of(0.7647),
                    Optional.of(5_400.4));
    private static final ModelOutcome SAYS_NOTHING =
            new ModelOutcome(
                    "wear",
                    Optional.empty(),
                    0,
                    0,
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty());
    private static final OfferedVersion PASSED =
            new OfferedVersion("breakdown", "breakdown/2", true, List.of(), Optional.empty());
    private static final OfferedVersion STOPPED =
            new OfferedVersion(
                    "breakdown-lazy",
                    "breakdown/3",
                    false,
                    List.of("recall 0.2, at least 0.5", "precision 0.1, at least 0.3"),
                    Optional.of("breakdown/2"));

    private static DemoReport report(List<ModelOutcome> models, List<OfferedVersion> offered) {
        return new DemoReport(
                60_000, 59_999, 59_900, 60, 39, 59_898, 59_897, 12, 145, models, offered);
    }

    @Test
    void saysWhatWasCounted() {
        assertThat(DemoText.lines(report(List.of(), List.of())))
                .containsExactly(
                        "sent         60,000",
                        "accepted     59,999",
                        "enriched     59,900",
                        "dead         60",
                        "duplicates   39",
                        "searchable   59,898",
                        "in the lake  59,897",
                        "accepted to enriched: p50 12 ms, p99 145 ms");
    }

    @Test
    void saysWhatEachScoringHasForetold() {
        assertThat(DemoText.lines(report(List.of(FORETELLS, SAYS_NOTHING), List.of())))
                .endsWith(
                        "breakdown by breakdown/2: 61,234 predictions; 91% of 1,200 alarms right;"
                                + " 76% of 17 foretold, half of them 5400 s before or earlier",
                        "wear by nobody: 0 predictions; none of 0 alarms right; none of 0"
                                + " foretold");
    }

    @Test
    void saysWhatBecameOfOfferedVersions() {
        assertThat(DemoText.lines(report(List.of(), List.of(PASSED, STOPPED))))
                .endsWith(
                        "breakdown/2 of breakdown passed its gates",
                        "breakdown/3 of breakdown-lazy was stopped by its gates: recall 0.2, at"
                                + " least 0.5; precision 0.1, at least 0.3; breakdown/2 answers");
    }

    /// As `docs/reference/demo.md` has it; what is not known is null.
    @Test
    void programsGetTheSameAsJson() {
        String expected =
                """
                {
                  "sent": 60000, "accepted": 59999, "enriched": 59900, "dead": 60,
                  "duplicates": 39, "searchable": 59898, "inLake": 59897,
                  "p50Millis": 12, "p99Millis": 145,
                  "models": [
                    {"scoring": "breakdown", "version": "breakdown/2", "predictions": 61234,
                     "alarms": 1200, "precision": 0.914, "events": 17, "recall": 0.7647,
                     "leadSeconds": 5400.4},
                    {"scoring": "wear", "version": null, "predictions": 0,
                     "alarms": 0, "precision": null, "events": 0, "recall": null,
                     "leadSeconds": null}
                  ],
                  "offered": [
                    {"training": "breakdown", "version": "breakdown/2", "passed": true,
                     "failedGates": [], "answers": null},
                    {"training": "breakdown-lazy", "version": "breakdown/3", "passed": false,
                     "failedGates": ["recall 0.2, at least 0.5", "precision 0.1, at least 0.3"],
                     "answers": "breakdown/2"}
                  ]
                }
                """;

        String printed =
                Output.json(report(List.of(FORETELLS, SAYS_NOTHING), List.of(PASSED, STOPPED)));

        assertThat(printed).doesNotContain("\n");
        JsonMapper json = JsonMapper.shared();
        assertThat(json.readTree(printed)).isEqualTo(json.readTree(expected));
    }
}
