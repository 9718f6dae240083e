package leat.console.inference;

import java.util.Optional;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.tracking.TrackingRefused;
import leat.ml.fold.RecordUnreadable;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.scoring.ModelUnready;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.stream.log.LogUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Why a request of the protocol is not answered, whatever it came over.
///
/// @param message for the caller
public record InferenceRefusal(Kind kind, String message) {

    private static final Logger LOG = LoggerFactory.getLogger(InferenceRefusal.class);

    /// What the caller has to do about it.
    public enum Kind {
        /// Ask something else: this is not of the protocol, not what the model takes, or fails in
        /// it.
        MALFORMED(400),
        /// Ask for another model, version or alias.
        ABSENT(404),
        /// Nothing: it is for whoever runs the platform.
        UNREADABLE(500),
        /// Ask again later.
        UNREADY(503),
        /// Ask less at a time.
        TOO_SLOW(504);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /// Over HTTP.
        public int status() {
            return status;
        }
    }

    /// What a failure means to the caller; empty for a fault of this program.
    public static Optional<InferenceRefusal> of(RuntimeException failure) {
        return kind(failure)
                .map(kind -> new InferenceRefusal(kind, String.valueOf(failure.getMessage())));
    }

    private static Optional<Kind> kind(RuntimeException failure) {
        return switch (failure) {
            case InferenceMalformed _, ModelFailed _ -> Optional.of(Kind.MALFORMED);
            case TrackingRefused refused -> Optional.of(kind(refused));
            case ModelTooSlow _ -> Optional.of(Kind.TOO_SLOW);
            case RecordUnreadable _ -> Optional.of(Kind.UNREADABLE);
            case ModelUnready _, LogUnavailable _, ArtifactDamaged _ -> Optional.of(Kind.UNREADY);
            default -> Optional.empty();
        };
    }

    private static Kind kind(TrackingRefused refused) {
        return switch (refused.error()) {
            case INVALID_PARAMETER_VALUE, BAD_REQUEST, RESOURCE_ALREADY_EXISTS -> Kind.MALFORMED;
            case RESOURCE_DOES_NOT_EXIST, ENDPOINT_NOT_FOUND -> Kind.ABSENT;
            case INTERNAL_ERROR -> Kind.UNREADABLE;
            case TEMPORARILY_UNAVAILABLE -> Kind.UNREADY;
        };
    }

    /// What a failure means to the caller. What the platform is to blame for is logged.
    ///
    /// @throws RuntimeException the failure, when it is a fault of this program
    public static InferenceRefusal logged(RuntimeException failure) {
        InferenceRefusal refusal = of(failure).orElseThrow(() -> failure);
        if (failure instanceof RecordUnreadable) {
            LOG.atError().setCause(failure).log("The registry of models cannot be read");
        } else if (failure instanceof LogUnavailable || failure instanceof ArtifactDamaged) {
            LOG.atWarn().setCause(failure).log("A model cannot be read from the log");
        }
        return refusal;
    }
}
