package leat.stream.log;

/// A partition cannot go on until an operator acts; the other partitions do. The message says what
/// to do.
public final class PartitionStopped extends RuntimeException {

    public PartitionStopped(String what) {
        super(what);
    }
}
