package leat.core.validate;

/// Which fields of one object were seen: a bit each.
final class SeenFields {

    private static final long[] NONE = {};

    private long first;
    private final long[] rest;

    SeenFields(int count) {
        this.rest = count <= Long.SIZE ? NONE : new long[(count - 1) / Long.SIZE];
    }

    /// False when the field was there.
    boolean add(int field) {
        long bit = 1L << field;
        if (field < Long.SIZE) {
            boolean isNew = (first & bit) == 0;
            first |= bit;
            return isNew;
        }
        int word = field / Long.SIZE - 1;
        boolean isNew = (rest[word] & bit) == 0;
        rest[word] |= bit;
        return isNew;
    }

    boolean contains(int field) {
        long word = field < Long.SIZE ? first : rest[field / Long.SIZE - 1];
        return (word & (1L << field)) != 0;
    }
}
