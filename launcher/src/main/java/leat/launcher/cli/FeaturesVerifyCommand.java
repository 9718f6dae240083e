package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureVerify;
import leat.ml.featurestore.VerifyReport;
import leat.ml.featurestore.ViewRefused;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `leat features verify`: replays the log and compares.
@Command(
        name = "verify",
        description =
                "Replay the events of feature views and compare each vector that was written with"
                        + " what the replay gives, bit for bit. Exit 1 and the first positions"
                        + " where they differ.",
        mixinStandardHelpOptions = true)
final class FeaturesVerifyCommand implements Callable<Integer> {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            arity = "0..1",
            paramLabel = "VIEW",
            description = "The view, NAME or NAME.vN. Default: all.")
    private @Nullable String view;

    @Override
    public Integer call() {
        Workspace opened = WorkspaceLog.joined(workspace.open(), ports.offset());
        FeatureVerify verify = new FeatureVerify(opened.log(ports.offset()), opened.names());
        List<VerifyReport> reports = new ArrayList<>();
        for (FeatureFlow flow : new FlowChoice(opened).choose(Optional.ofNullable(view))) {
            try {
                VerifyReport report = verify.run(flow);
                reports.add(report);
                if (!output.json()) {
                    print(report);
                }
            } catch (ViewRefused e) {
                throw new UserError("view " + flow.name() + ": " + e.getMessage(), e.remedy());
            }
        }
        if (output.json()) {
            output.printJson(reports);
        }
        return reports.stream().allMatch(VerifyReport::clean) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void print(VerifyReport report) {
        output.println(
                String.format(
                        Locale.ROOT,
                        "%s: %,d events replayed, %,d vectors compared, %,d in latest, %,d differences",
                        report.view(),
                        report.events(),
                        report.vectors(),
                        report.entities(),
                        report.differences()));
        for (VerifyReport.Difference difference : report.first()) {
            output.println("  " + difference.position() + " " + difference.what());
            if (!difference.found().isEmpty()) {
                output.println("    found    " + difference.found());
            }
            if (!difference.replayed().isEmpty()) {
                output.println("    replayed " + difference.replayed());
            }
        }
    }
}
