package leat.stream.log;

/// A step of a [Stage] did not succeed; `duty` is what the stage has to do.
final class StageLogFailed extends RuntimeException {

    /// What the stage has to do.
    enum Duty {
        /// The transaction is aborted: read its records again, later.
        RETRY,
        /// The transaction is aborted, and one of its records is to blame: find it.
        BISECT,
        /// Another process took our ids, or it looks so: open both clients again, and stop when it
        /// happens again.
        FENCED,
        /// Nobody knows what became of the transaction: open both clients again and go on from the
        /// committed positions.
        REOPEN
    }

    private final Duty duty;
    private final Throwable cause;

    StageLogFailed(Duty duty, Throwable cause) {
        super(duty + ": " + cause.getMessage(), cause);
        this.duty = duty;
        this.cause = cause;
    }

    String what() {
        return String.valueOf(getMessage());
    }

    Throwable cause() {
        return cause;
    }

    Duty duty() {
        return duty;
    }
}
