package leat.stream.lake;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.log.LogConnection;

/// A loader in a JVM of its own, to be killed. Arguments: bootstrap servers, prefix, folder,
/// partitions.
final class LakeProcess {

    private LakeProcess() {}

    static LakeLoaderSettings settings() {
        return new LakeLoaderSettings(
                Duration.ofMillis(200),
                DataSize.mebibytes(64),
                DataSize.mebibytes(64),
                2,
                4,
                false);
    }

    static LakeStoreSettings store(Path folder) {
        return LakeStoreSettings.at(
                "jdbc:sqlite:" + folder.resolve("lake.db"), "file://" + folder.resolve("lake"));
    }

    static void main(String[] args) throws IOException {
        Names names = new Names(args[1]);
        Contract contract = CarLog.contract(Integer.parseInt(args[3]));
        LakeCatalog catalog = LakeCatalog.open(store(Path.of(args[2])), names);
        LakeLoader loader =
                LakeLoader.start(
                        new LakeLoader.Place(new LogConnection(args[0]), names, catalog),
                        settings(),
                        List.of(contract),
                        CarLog::parser);
        // Ends with its parent: the pipe is closed then.
        int end = System.in.read();
        if (end < 0) {
            loader.close();
            catalog.close();
        }
    }

    /// Starts one that halts at a fail point, or runs until it is destroyed when that is empty.
    static Process start(
            String bootstrap, Names names, Path folder, int partitions, String failPoint)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        if (!failPoint.isEmpty()) {
            command.add("-Dleat.failpoint=" + failPoint);
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(LakeProcess.class.getName());
        command.add(bootstrap);
        command.add(names.prefix());
        command.add(folder.toString());
        command.add(Integer.toString(partitions));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.log").toFile())
                .start();
    }
}
