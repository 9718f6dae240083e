package leat.ml.featurestore;

import java.util.Optional;
import leat.core.feature.TileUnreadable;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/// What a view failed of.
///
/// @param cause the first cause, or the one before that says what to do
record ViewFailure(Throwable cause) {

    static ViewFailure of(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !isLasting(cause)) {
            cause = cause.getCause();
        }
        return new ViewFailure(cause);
    }

    private static boolean isLasting(Throwable cause) {
        return cause instanceof ContractOutdated
                || cause instanceof TileUnreadable
                || cause instanceof RecordTooLargeException
                || cause instanceof FencedInstanceIdException;
    }

    /// What is the matter and what to do, where another attempt would fail of the same; empty where
    /// it may go well.
    ///
    /// @param instance the name of this process
    Optional<String> lasting(String instance) {
        return switch (cause) {
            case ContractOutdated _, TileUnreadable _ ->
                    Optional.of(String.valueOf(cause.getMessage()));
            case RecordTooLargeException _ ->
                    Optional.of(
                            "a vector, or what is kept of an entity within a hop, is larger than"
                                    + " the log's records may be ("
                                    + cause.getMessage()
                                    + "): split the view or lower its limits of distinct, with a"
                                    + " new version, or raise max.message.bytes where a topic of"
                                    + " the view has less than 4 MiB");
            case FencedInstanceIdException _ ->
                    Optional.of(
                            "another process runs "
                                    + FeatureFlow.ROLE
                                    + " as instance '"
                                    + instance
                                    + "': give one of them another name with --instance");
            default -> Optional.empty();
        };
    }
}
