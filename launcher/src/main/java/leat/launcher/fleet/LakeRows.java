package leat.launcher.fleet;

import java.util.Collection;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.launcher.Platform;
import org.apache.iceberg.Table;

/// How many enriched events the lake of a platform in this process has.
public final class LakeRows {

    private static final String TOTAL = "total-records";

    private LakeRows() {}

    /// Of these contracts.
    public static long of(Platform platform, Collection<Contract> contracts) {
        return contracts.stream()
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
