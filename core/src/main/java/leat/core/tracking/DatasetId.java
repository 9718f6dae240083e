package leat.core.tracking;

import java.util.Comparator;

/// What a dataset is known by: two of one name and one digest are the same.
///
/// @param name as whoever logged it calls it
/// @param digest of its content; how it is made is up to who logs it
public record DatasetId(String name, String digest) implements Comparable<DatasetId> {

    private static final Comparator<DatasetId> ORDER =
            Comparator.comparing(DatasetId::name).thenComparing(DatasetId::digest);

    @Override
    public int compareTo(DatasetId other) {
        return ORDER.compare(this, other);
    }
}
