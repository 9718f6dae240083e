package leat.stream.lake;

/// The columns that Leat adds behind a contract's own in a table of enriched events. Tables of
/// vectors have some of them.
public final class LakeColumns {

    /// What every name of ours starts with; a contract's top-level fields may not.
    public static final String PREFIX = "leat_";

    /// The event's id.
    public static final String ID = "leat_id";

    /// The event's source.
    public static final String SOURCE = "leat_source";

    /// The event time; tables are partitioned by it.
    public static final String TIME = "leat_time";

    /// When the raw record was appended to the log; of a vector, when the vector was.
    public static final String APPENDED = "leat_appended";

    /// The partition of the raw record; of a vector, that of the enriched event that it was written
    /// with.
    public static final String PARTITION = "leat_partition";

    /// The offset of the raw record; of a vector, that of the enriched event.
    public static final String OFFSET = "leat_offset";

    /// The version of the contract that the event was judged by.
    public static final String VERSION = "leat_version";

    private LakeColumns() {}
}
