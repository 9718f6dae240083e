package leat.stream.audit;

/// Offsets of one partition.
///
/// @param from the first
/// @param to the first that does not belong to it any more
public record OffsetRange(long from, long to) {

    public boolean contains(long offset) {
        return offset >= from && offset < to;
    }

    public boolean isEmpty() {
        return from >= to;
    }
}
