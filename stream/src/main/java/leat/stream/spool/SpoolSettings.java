package leat.stream.spool;

import java.nio.file.Path;

/// Where a spool is and how large it may become.
///
/// @param folder of this spool alone
/// @param maxBytes of its files together
/// @param segmentBytes how large a file becomes before the next is begun
public record SpoolSettings(Path folder, long maxBytes, long segmentBytes) {

    private static final long LARGEST_SEGMENT_BYTES = 64L << 20;
    private static final int LEAST_SEGMENTS = 8;

    /// Files of up to 64 MiB.
    public SpoolSettings(Path folder, long maxBytes) {
        this(folder, maxBytes, Math.min(LARGEST_SEGMENT_BYTES, maxBytes / LEAST_SEGMENTS));
    }
}
