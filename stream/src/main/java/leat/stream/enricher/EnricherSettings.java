package leat.stream.enricher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import leat.core.config.DataSize;
import leat.core.config.Setting;
import leat.stream.enricher.api.ApiSettings;

/// How the enricher works.
public record EnricherSettings(
        @Setting(
                        description =
                                "The most records that one transaction reads, 1 to 100000; a batch"
                                        + " is as small as the rate allows",
                        defaultValue = "5000")
                int maxBatchRecords,
        @Setting(
                        description =
                                "About the most bytes that one transaction reads, 1MiB to 1GiB",
                        defaultValue = "16MiB")
                DataSize maxBatchSize,
        @Setting(
                        description = "The least time between two transactions, 1ms to 10s",
                        defaultValue = "10ms")
                Duration commitInterval,
        @Setting(
                        description =
                                "The most memory for the identities of one partition, off the Java"
                                        + " heap, 1MiB to 64GiB; 10 million take up to 480MiB. A"
                                        + " partition that needs more stops and says so",
                        defaultValue = "512MiB")
                DataSize dedupeMemory,
        @Setting(
                        description =
                                "Threads, each a member of the group with partitions and"
                                        + " transactions of its own, 1 to 64; 0 takes one a"
                                        + " processor, at most 4",
                        defaultValue = "0")
                int threads,
        @Setting(
                        description =
                                "The most memory for the rows of one reference contract, or the"
                                        + " newest vectors of one version of a feature view, that"
                                        + " steps look up, 1MiB to 64GiB, on the Java heap; an"
                                        + " enricher that needs more stops and says so",
                        defaultValue = "512MiB")
                DataSize referenceMemory,
        @Setting(description = "The services that `api` steps of contracts ask, by name")
                Map<String, ApiSettings> apis,
        @Setting(
                        description =
                                "The servers that compute models for `model` steps, by the model's"
                                        + " name; a model that is not named is computed in the"
                                        + " enricher")
                Map<String, ModelServerSettings> models,
        @Setting(
                        description =
                                "File with the key that contracts' protections hash with, 64 to 256"
                                        + " hexadecimal digits, readable by its owner alone or its"
                                        + " group; relative to the workspace. Absent means"
                                        + " `.leat/protect.key` with the embedded broker, which is"
                                        + " made when it is needed")
                Optional<Path> protectKeyFile) {

    public static final EnricherSettings DEFAULT =
            new EnricherSettings(
                    5_000,
                    DataSize.mebibytes(16),
                    Duration.ofMillis(10),
                    DataSize.mebibytes(512),
                    0,
                    DataSize.mebibytes(512),
                    Map.of(),
                    Map.of(),
                    Optional.empty());

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public EnricherSettings {
        apis = Map.copyOf(apis);
        models = Map.copyOf(models);
        check(
                maxBatchRecords >= 1 && maxBatchRecords <= 100_000,
                "max-batch-records",
                "1 to 100000");
        check(within(maxBatchSize, 1, 1 << 10), "max-batch-size", "1MiB to 1GiB");
        check(
                commitInterval.compareTo(Duration.ofMillis(1)) >= 0
                        && commitInterval.compareTo(Duration.ofSeconds(10)) <= 0,
                "commit-interval",
                "1ms to 10s");
        check(within(dedupeMemory, 1, 64 << 10), "dedupe-memory", "1MiB to 64GiB");
        check(within(referenceMemory, 1, 64 << 10), "reference-memory", "1MiB to 64GiB");
        check(threads >= 0 && threads <= 64, "threads", "0 to 64");
    }

    /// The same with other services.
    public EnricherSettings withApis(Map<String, ApiSettings> services) {
        return new EnricherSettings(
                maxBatchRecords,
                maxBatchSize,
                commitInterval,
                dedupeMemory,
                threads,
                referenceMemory,
                services,
                models,
                protectKeyFile);
    }

    private static boolean within(DataSize size, long fromMebibytes, long toMebibytes) {
        return size.bytes() >= fromMebibytes << 20 && size.bytes() <= toMebibytes << 20;
    }

    private static void check(boolean holds, String key, String range) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be from " + range);
        }
    }
}
