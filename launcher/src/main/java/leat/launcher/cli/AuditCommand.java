package leat.launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import leat.core.contract.Contract;
import leat.core.prediction.Scoring;
import leat.launcher.CollectorSpool;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLake;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.ml.scorer.Terms;
import leat.stream.audit.Audit;
import leat.stream.audit.AuditJson;
import leat.stream.audit.AuditReport;
import leat.stream.audit.AuditRequest;
import leat.stream.audit.AuditSettings;
import leat.stream.audit.AuditTable;
import leat.stream.audit.AuditTooLarge;
import leat.stream.audit.EngineDocuments;
import leat.stream.audit.KafkaAuditLog;
import leat.stream.audit.LakeTableRows;
import leat.stream.lake.LakeCatalog;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.LogConnection;
import leat.stream.search.EngineUnavailable;
import leat.stream.search.SearchEngine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat audit`: proves from the data that a window of time is complete.
@Command(
        name = "audit",
        description =
                "Prove from the data itself that a window of time is complete, of events and of"
                        + " predictions: nothing lost, nothing twice. Exit 1 and the positions where it"
                        + " does not add up.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = "The contract or scoring. Default: all.")
    private @Nullable String name;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = PointInTime.class,
            description = "The first append time; a time, or how long ago: 2h. Default: the first.")
    private Instant from = Instant.EPOCH;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = PointInTime.class,
            description = "The first append time that does not count. Default: now.")
    private @Nullable Instant to;

    @Option(
            names = "--deep",
            description = "Compare lake and search row by row and document by document.")
    private boolean deep;

    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description =
                    "What a client knows to be acknowledged, one JSON object a line with contract,"
                            + " source and id: each must be in the log.")
    private @Nullable Path ledger;

    @Override
    public Integer call() {
        Workspace opened = workspace.open();
        Audited audited = audited(opened);
        AuditRequest request =
                new AuditRequest(
                        audited.contracts(),
                        audited.scorings(),
                        from,
                        to == null ? InstantSource.system().instant() : to,
                        deep,
                        Optional.ofNullable(ledger));
        AuditReport report = audit(opened, request);
        output.out().print(output.json() ? AuditJson.of(report) + "\n" : AuditTable.of(report));
        output.out().flush();
        return report.clean() ? ExitCode.DONE : ExitCode.FAILED;
    }

    /// What is audited.
    private record Audited(List<Contract> contracts, List<Scoring> scorings) {}

    private Audited audited(Workspace opened) {
        if (name == null) {
            return new Audited(opened.contracts().all(), opened.scorings());
        }
        StreamChoice.Chosen chosen = new StreamChoice(opened).require(name);
        return switch (chosen.records()) {
            case EVENTS -> new Audited(List.of(chosen.contract()), List.of());
            case VECTORS ->
                    throw new UserError(
                            "the vectors of "
                                    + chosen.contract().nameAndMajor()
                                    + " are audited as what scorings have to predict of",
                            "name a scoring, or prove the vectors themselves with leat features"
                                    + " verify");
            case PREDICTIONS ->
                    new Audited(
                            List.of(),
                            opened.scorings().stream()
                                    .filter(scoring -> isOf(scoring, chosen.contract()))
                                    .toList());
        };
    }

    private static boolean isOf(Scoring scoring, Contract predictions) {
        return scoring.contracts().stream()
                .anyMatch(one -> one.nameAndMajor().equals(predictions.nameAndMajor()));
    }

    private AuditReport audit(Workspace opened, AuditRequest request) {
        AuditSettings settings = AuditSettings.DEFAULT;
        LogConnection connection = WorkspaceLog.answering(opened, ports.offset());
        try (KafkaAuditLog log = new KafkaAuditLog(connection, settings.patience());
                KafkaLogReader reader =
                        new KafkaLogReader(connection, opened.names().group("audit"));
                LakeCatalog lake = WorkspaceLake.open(opened);
                SearchEngine engine = opened.searchEngine(ports.offset())) {
            Audit.Sources sources =
                    new Audit.Sources(
                            log,
                            Optional.of(new LakeTableRows(lake)),
                            Optional.of(new EngineDocuments(engine)),
                            Optional.of(CollectorSpool.of(opened)),
                            Optional.of(scoring ->
                                    log.topicId(opened.names().scoring()).isPresent()
                                            ? Terms.all(reader, opened.names(), scoring)
                                            : List.of()));
            return new Audit(
                            opened.names(),
                            settings,
                            sources,
                            workFolder(opened),
                            InstantSource.system())
                    .run(request);
        } catch (AuditTooLarge e) {
            throw new UserError(
                    String.valueOf(e.getMessage()), "audit a shorter window with --from and --to");
        } catch (EngineUnavailable e) {
            throw new UserError(
                    "the search engine cannot be audited: " + e.getMessage(),
                    opened.config().search().url().isPresent()
                            ? "see that it runs at search.url, then try again"
                            : "start it with leat up, which may take a minute to have it answer");
        }
    }

    private static Path workFolder(Workspace opened) {
        try {
            return Files.createDirectories(opened.stateFolder().resolve("audit"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + opened.stateFolder(), e);
        }
    }
}
