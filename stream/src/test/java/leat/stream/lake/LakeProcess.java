package leat.stream.lake;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A loader in a JVM of its own, to be killed. Arguments: bootstrap servers, prefix, folder,
/// partitions, and `maintained` where maintenance is to go on beside it without a rest.
final class LakeProcess {

    /// Compacts what is two files, and forgets every snapshot but the newest.
    static final LakeMaintenanceSettings MAINTENANCE =
            new LakeMaintenanceSettings(
                    Duration.ofSeconds(1),
                    DataSize.mebibytes(64),
                    2,
                    Duration.ofMinutes(1),
                    Duration.ofHours(2));

    private static final Logger LOG = LoggerFactory.getLogger(LakeProcess.class);
    private static final String MAINTAINED = "maintained";
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));

    /// What the child does.
    enum Work {
        LOADING,
        LOADING_AND_MAINTAINING
    }

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
                        new LakeLoader.Place(SharedKafka.mortal(args[0]), names, catalog),
                        settings(),
                        List.of(contract),
                        CarLog::parser);
        if (args.length > 4 && args[4].equals(MAINTAINED)) {
            LakeTables tables = new LakeTables(catalog);
            Thread.ofPlatform().daemon().start(() -> maintain(tables, contract));
        }
        // Ends with its parent: the pipe is closed then.
        int end = System.in.read();
        if (end < 0) {
            loader.close();
            catalog.close();
        }
    }

    private static void maintain(LakeTables tables, Contract contract) {
        while (true) {
            try {
                LakeMaintenance.maintain(
                        tables.enriched(contract).orElseThrow(), MAINTENANCE, LATER);
            } catch (RuntimeException e) {
                // The next round tries again, as in LakeMaintenance.
                LOG.atWarn().setCause(e).log("Maintenance failed");
            }
        }
    }

    /// Starts one that halts at a fail point, or runs until it is destroyed when that is empty.
    static Process start(
            String bootstrap, Names names, Path folder, int partitions, Work work, String failPoint)
            throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                bootstrap,
                                names.prefix(),
                                folder.toString(),
                                Integer.toString(partitions)));
        if (work == Work.LOADING_AND_MAINTAINING) {
            arguments.add(MAINTAINED);
        }
        return ChildJvm.start(
                LakeProcess.class,
                failPoint,
                Redirect.to(folder.resolve("child.log").toFile()),
                arguments.toArray(String[]::new));
    }
}
