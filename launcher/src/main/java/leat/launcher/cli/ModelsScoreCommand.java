package leat.launcher.cli;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import leat.core.score.Evidence;
import leat.core.score.Score;
import leat.core.score.Section;
import leat.core.score.Version;
import leat.launcher.ModelEvidence;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat models score`: how ready a model is for production.
@Command(
        name = "score",
        description =
                "Judge a model by the 28 tests of the ML Test Score, each from evidence in the"
                        + " workspace and its log, or by an answer in models/NAME.yaml. Nothing but"
                        + " Kafka has to run.",
        mixinStandardHelpOptions = true)
final class ModelsScoreCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "MODEL",
            description = "The registered model, or the name of its file in models.")
    private String name = "";

    @Option(
            names = "--quick",
            description =
                    "Do not replay the view's events, which takes long where there are many."
                            + " What only a replay shows is then without evidence.")
    private boolean quick;

    /// What came of it, for `--json`.
    ///
    /// @param version that was judged, `failure-risk/3`; empty where there is none
    /// @param score the least of the sums
    record Scored(
            String model,
            Optional<String> version,
            Instant at,
            double score,
            Map<String, Double> sums,
            List<Line> tests) {

        /// One test.
        ///
        /// @param status `passed`, `failed`, `no evidence` or `by hand`
        record Line(
                String section,
                String test,
                String title,
                String status,
                double points,
                String evidence,
                String remedy) {

            static Line of(Score.Line line) {
                return new Line(
                        line.test().section().word(),
                        line.test().word(),
                        line.test().title(),
                        line.finding().word(),
                        line.finding().points(),
                        line.finding().evidence(),
                        line.finding().remedy());
            }
        }

        static Scored of(String model, Evidence evidence) {
            Score score = Score.of(evidence);
            Map<String, Double> sums = new LinkedHashMap<>();
            Arrays.stream(Section.values())
                    .forEach(section -> sums.put(section.word(), score.sum(section)));
            return new Scored(
                    model,
                    evidence.registered().version().map(Version::reference),
                    evidence.now(),
                    score.total(),
                    sums,
                    score.lines().stream().map(Line::of).toList());
        }
    }

    @Override
    public void run() {
        Workspace opened = workspace.open();
        Scored scored;
        try (ProgressLine line = new ProgressLine(output.err())) {
            scored =
                    ModelsAnswer.of(
                            opened,
                            ports.offset(),
                            models -> {
                                Workspace joined = WorkspaceLog.joined(opened, ports.offset());
                                ModelEvidence evidence =
                                        new ModelEvidence(
                                                joined,
                                                joined.log(ports.offset()),
                                                models,
                                                line::show);
                                ModelEvidence.Subject subject =
                                        evidence.subject(name)
                                                .orElseThrow(() ->
                                                        new ModelChoice(models.registry())
                                                                .unknown(name));
                                return Scored.of(subject.model(), evidence.of(subject, quick));
                            });
            line.clear();
        }
        if (output.json()) {
            output.printJson(scored);
        } else {
            print(scored);
        }
    }

    private void print(Scored scored) {
        int width = ProgressLine.tableWidth();
        wrapped(
                "",
                String.format(
                        Locale.ROOT,
                        "%s scores %s of 7%s",
                        scored.version().orElse(scored.model()),
                        points(scored.score()),
                        scored.version().isPresent() ? "" : ": there is no version"),
                width);
        String section = "";
        for (Scored.Line line : scored.tests()) {
            if (!line.section().equals(section)) {
                section = line.section();
                output.println("");
                output.println(
                        section + " " + points(scored.sums().getOrDefault(section, 0.0)) + " of 7");
            }
            wrapped(
                    "  ",
                    String.format(
                            Locale.ROOT,
                            "%-3s %-11s %s",
                            points(line.points()),
                            line.status(),
                            line.test()),
                    width);
            wrapped("      ", line.evidence(), width);
            if (!line.remedy().isEmpty()) {
                wrapped("      ", "→ " + line.remedy(), width);
            }
        }
    }

    private static String points(double points) {
        return points == Math.rint(points)
                ? String.format(Locale.ROOT, "%.0f", points)
                : String.format(Locale.ROOT, "%.1f", points);
    }

    private void wrapped(String indent, String text, int width) {
        WrappedText.lines(indent, text, width).forEach(output::println);
    }
}
