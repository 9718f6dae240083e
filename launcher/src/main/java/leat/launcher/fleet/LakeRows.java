package leat.launcher.fleet;

import java.util.Optional;
import leat.launcher.Platform;
import leat.launcher.config.Workspace;
import org.apache.iceberg.Table;

/// How many enriched events the lake of a platform in this process has.
final class LakeRows {

    private static final String TOTAL = "total-records";

    private LakeRows() {}

    static long of(Platform platform, Workspace workspace) {
        return workspace.contracts().all().stream()
                .flatMap(contract -> platform.lakeTable(contract).stream())
                .mapToLong(LakeRows::of)
                .sum();
    }

    private static long of(Table table) {
        table.refresh();
        return Optional.ofNullable(table.currentSnapshot())
                .map(snapshot -> snapshot.summary().getOrDefault(TOTAL, "0"))
                .map(Long::parseLong)
                .orElse(0L);
    }
}
