package leat.launcher.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.config.DurationText;
import leat.core.prediction.Scoring;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.WorkspaceModels;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.SourceSearch;
import leat.ml.scorer.Explanation;
import leat.ml.scorer.ExplanationRefused;
import leat.ml.scorer.Explanations;
import leat.ml.scoring.RegisteredModels;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `leat models explain`: why a prediction is what it is.
@Command(
        name = "explain",
        description =
                "Explain one prediction: its event, its features with the events that they are made"
                        + " of, who predicted, and what each feature added, compared with the"
                        + " vectors before it. Nothing but Kafka has to run.",
        mixinStandardHelpOptions = true)
final class ModelsExplainCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "PREDICTION",
            description =
                    "Which one: its field vector, TOPIC-ID/PARTITION@OFFSET; of a shadow with"
                            + " /ALIAS behind it.")
    private String id = "";

    @Option(
            names = "--output",
            paramLabel = "FIELD",
            description = "The field of the prediction to explain (default: its first number).")
    private Optional<String> field = Optional.empty();

    @Option(
            names = "--scoring",
            paramLabel = "NAME",
            description = "The scoring, where several are about one view.")
    private Optional<String> scoring = Optional.empty();

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "How many of the events that each feature is made of to name, the newest ones;"
                            + " 0 looks for none. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(
            names = "--within",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description =
                    "For how long to look for events; what is found by then is shown. Default:"
                            + " ${DEFAULT-VALUE}.")
    private String within = "";

    @Override
    public void run() {
        Optional<SourceSearch.Limits> limits = limits();
        Workspace opened = workspace.open();
        List<Scoring> scorings = scorings(opened);
        Explanation explanation =
                ModelsAnswer.of(
                        opened,
                        ports.offset(),
                        models -> explained(opened, models, scorings, limits));
        if (output.json()) {
            output.printJson(explanation);
        } else {
            print(explanation);
        }
    }

    private Optional<SourceSearch.Limits> limits() {
        try {
            Duration time = DurationText.parse(within);
            return events == 0
                    ? Optional.empty()
                    : Optional.of(new SourceSearch.Limits(events, time));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "--events and --within: " + e.getMessage() + ".");
        }
    }

    private Explanation explained(
            Workspace opened,
            WorkspaceModels models,
            List<Scoring> scorings,
            Optional<SourceSearch.Limits> limits) {
        LogConnection log = WorkspaceLog.answering(opened, ports.offset());
        try (KafkaLogReader reader = new KafkaLogReader(log, opened.names().group("explain"));
                Admin admin = log.admin();
                RegisteredModels predictor = new RegisteredModels(models.models())) {
            return new Explanations(
                            reader,
                            admin,
                            opened.names(),
                            predictor,
                            opened.config().scorer().timeout())
                    .explain(id, scorings, field, limits);
        } catch (ExplanationRefused e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private List<Scoring> scorings(Workspace opened) {
        List<Scoring> chosen =
                opened.scorings().stream()
                        .filter(one -> scoring.map(one.name().value()::equals).orElse(true))
                        .toList();
        if (chosen.isEmpty()) {
            throw unknown(
                    opened.scorings().stream().map(one -> one.name().value()).toList(), scoring);
        }
        return chosen;
    }

    /// That no scoring is meant.
    ///
    /// @param known names of those of the workspace
    private static UserError unknown(List<String> known, Optional<String> wanted) {
        return known.isEmpty()
                ? new UserError(
                        "the workspace has no scoring, so it has no predictions in the stream",
                        "write scoring into a file of " + Workspace.MODELS_FOLDER)
                : new UserError(
                        "there is no scoring '" + wanted.orElse("") + "'",
                        NearestName.remedy(wanted.orElse(""), known));
    }

    private void print(Explanation explanation) {
        JsonNode prediction = explanation.prediction();
        line("prediction", explanation.id());
        line("scoring", explanation.scoring() + ", " + prediction.path("role").asString(""));
        line(
                "version",
                prediction.path("model_version").asString("")
                        + " by @"
                        + prediction.path("alias").asString("")
                        + explanation
                                .predictsSince()
                                .map(since -> ", predicts since " + since)
                                .orElse(""));
        line("entity", prediction.path("entity").asString(""));
        line("time", prediction.path("query_time").asString(""));
        explanation
                .event()
                .ifPresentOrElse(
                        event -> {
                            line("event", event.position() + " of " + event.topic());
                            line("", event.value().toString());
                        },
                        () -> line("event", "not in the log any more"));
        if (prediction.has(Scoring.FAILURE)) {
            line("failure", prediction.path(Scoring.FAILURE).asString(""));
        }
        explanation.explained().ifPresent(explained -> print(explained, prediction));
        output.println("");
        List<Explanation.FeatureValue> features =
                explanation.features().stream()
                        .sorted(
                                Comparator.comparingDouble(
                                        one -> -one.adds().map(Math::abs).orElse(0.0)))
                        .toList();
        output.print(table(features));
        if (events > 0) {
            SourceVectorsText vectors =
                    new SourceVectorsText(explanation.sourceVectors(), explanation.eventsRead());
            ExplainedEventsText text =
                    new ExplainedEventsText(features, explanation.eventsRead(), vectors.views());
            output.println("");
            output.print(text.table());
            output.println("");
            text.lines(within).forEach(output::println);
            vectors.tables()
                    .forEach((view, table) -> {
                        output.println("");
                        output.println("What is read of vectors of " + view + ":");
                        output.println("");
                        output.print(table);
                    });
        }
    }

    private void print(Explanation.Explained explained, JsonNode prediction) {
        String said = prediction.path(explained.output()).toString();
        line(
                explained.output(),
                (said.isEmpty() ? "none" : said)
                        + explained
                                .now()
                                .map(now -> "; asked again " + number(now))
                                .orElse("; asked again it fails"));
        line(
                "usual",
                explained
                        .expected()
                        .map(expected ->
                                number(expected)
                                        + ", the mean of the "
                                        + explained.compared()
                                        + " vectors before it in its partition")
                        .orElse("unknown: there is no vector before it in its partition"));
    }

    private TextTable table(List<Explanation.FeatureValue> features) {
        boolean counted = events > 0;
        TextTable table =
                new TextTable(
                        Stream.of("FEATURE", "VALUE", "ADDS", "EVENTS", "SINCE", "MADE OF")
                                .filter(column -> counted || !column.equals("EVENTS"))
                                .toList());
        for (Explanation.FeatureValue feature : features) {
            List<String> row = new ArrayList<>();
            row.add(feature.name());
            row.add(feature.value().map(ModelsExplainCommand::value).orElse("none"));
            row.add(feature.adds().map(ModelsExplainCommand::number).orElse(""));
            if (counted) {
                row.add(ExplainedEventsText.count(feature.events()));
            }
            row.add(feature.from().map(Instant::toString).orElse("the newest event"));
            row.add(feature.made());
            table.row(row);
        }
        return table;
    }

    /// A feature's value as it is shown.
    static String value(Object value) {
        return value instanceof Double number ? number(number) : value.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    private void line(String label, String value) {
        output.println(String.format("%-12s%s", label, value));
    }
}
