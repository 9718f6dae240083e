package leat.core.artifact;

/// How much there may be.
public final class ArtifactLimits {

    public static final int PATH_CHARACTERS = 1_000;

    /// Of one file.
    public static final long FILE_BYTES = 256L << 20;

    /// Of one record that holds a part of a file. Kafka's brokers take it as they are.
    public static final int CHUNK_BYTES = 900 << 10;

    public static final int FILES = 200_000;

    private ArtifactLimits() {}
}
