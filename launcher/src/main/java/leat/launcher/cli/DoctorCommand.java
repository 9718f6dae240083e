package leat.launcher.cli;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import leat.core.yaml.ProblemsException;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.WorkspacePlan;
import leat.launcher.config.Workspace;
import leat.stream.log.LogUnavailable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `leat doctor`: looks for what usually goes wrong.
@Command(
        name = "doctor",
        description = "Check this machine and workspace for what usually goes wrong.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    private static final long LITTLE_DISK_BYTES = 2L << 30;
    private static final long LITTLE_MEMORY_BYTES = 2L << 30;

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    private final List<Finding> findings = new ArrayList<>();

    /// One thing that was looked at.
    ///
    /// @param remedy empty when it is well
    record Finding(String check, boolean well, String found, String remedy) {}

    @Override
    public Integer call() {
        machine();
        try {
            Workspace opened = workspace.open();
            well(
                    "workspace",
                    opened.folder() + ", " + opened.contracts().all().size() + " contracts");
            disk(opened);
            log(opened);
        } catch (UserError e) {
            ill("workspace", String.valueOf(e.getMessage()), e.remedy());
        } catch (ProblemsException e) {
            ill("workspace", String.valueOf(e.getMessage()), "correct the files");
        }
        print();
        return findings.stream().allMatch(Finding::well) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private void machine() {
        well("java", Runtime.version() + " in " + System.getProperty("java.home"));
        if (java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system) {
            long memory = system.getTotalMemorySize();
            String found =
                    (memory >> 20)
                            + " MiB of memory, "
                            + system.getAvailableProcessors()
                            + " processors";
            if (memory < LITTLE_MEMORY_BYTES) {
                ill("machine", found, "2 GiB are needed with the embedded search engine");
            } else {
                well("machine", found);
            }
        }
    }

    private void disk(Workspace opened) {
        try {
            FileStore store = Files.getFileStore(opened.folder());
            long free = store.getUsableSpace();
            String found = (free >> 20) + " MiB free for " + opened.folder();
            if (free < LITTLE_DISK_BYTES) {
                ill("disk", found, "free some space: a full disk stops the log");
            } else {
                well("disk", found);
            }
        } catch (IOException e) {
            ill("disk", String.valueOf(e.getMessage()), "make the workspace readable");
        }
    }

    private void log(Workspace opened) {
        try {
            String servers = WorkspaceLog.answering(opened, ports.offset()).bootstrapServers();
            List<WorkspacePlan.Line> plan = WorkspacePlan.of(opened, ports.offset());
            List<WorkspacePlan.Line> refused =
                    plan.stream().filter(line -> line.action().equals("refuse")).toList();
            if (refused.isEmpty()) {
                well("log", servers + " answers");
            } else {
                refused.forEach(
                        line -> ill(line.kind() + " " + line.name(), "differs", line.detail()));
            }
        } catch (UserError e) {
            ill("log", String.valueOf(e.getMessage()), e.remedy());
        } catch (LogUnavailable e) {
            ill(
                    "log",
                    opened.log(ports.offset()).bootstrapServers() + " does not answer",
                    "start the platform with leat up, or set log.bootstrap-servers");
        }
    }

    private void well(String check, String found) {
        findings.add(new Finding(check, true, found, ""));
    }

    private void ill(String check, String found, String remedy) {
        findings.add(new Finding(check, false, found, remedy));
    }

    private void print() {
        if (output.json()) {
            output.printJson(findings);
            return;
        }
        for (Finding finding : findings) {
            output.println(
                    (finding.well() ? "ok    " : "PROBLEM ")
                            + finding.check()
                            + ": "
                            + finding.found());
            if (!finding.well()) {
                output.println("        " + finding.remedy());
            }
        }
    }
}
