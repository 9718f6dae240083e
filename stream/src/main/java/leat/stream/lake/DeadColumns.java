package leat.stream.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.apache.iceberg.types.Types.NestedField.required;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/// The columns of a table of dead letters, the same for every contract.
public final class DeadColumns {

    public static final String DEAD_ID = "leat_dead_id";
    public static final String STAGE = "leat_stage";
    public static final String TOPIC_ID = "leat_topic_id";
    public static final String REASON_CODES = "reason_codes";
    public static final String REASONS = "reasons";
    public static final String PAYLOAD = "payload";
    public static final String PAYLOAD_BASE64 = "payload_base64";

    /// The schema: who refused what and why, and where it stands in the log. The position is that
    /// of the raw record, or of the dead letter itself where nothing reached the raw topic.
    static final Schema SCHEMA =
            new Schema(
                    required(1, DEAD_ID, Types.StringType.get(), "hash of stage and position"),
                    required(2, STAGE, Types.StringType.get(), "the stage that refused the event"),
                    optional(3, LakeColumns.ID, Types.StringType.get(), "the event's id"),
                    optional(4, LakeColumns.SOURCE, Types.StringType.get(), "the event's source"),
                    required(
                            5,
                            LakeColumns.APPENDED,
                            Types.TimestampType.withZone(),
                            "when the event was appended to the log"),
                    required(6, TOPIC_ID, Types.StringType.get(), "the position's topic id"),
                    required(
                            7,
                            LakeColumns.PARTITION,
                            Types.IntegerType.get(),
                            "the position's partition"),
                    required(8, LakeColumns.OFFSET, Types.LongType.get(), "the position's offset"),
                    optional(
                            9,
                            LakeColumns.VERSION,
                            Types.StringType.get(),
                            "the version of the contract that the event was judged by"),
                    required(
                            10,
                            REASON_CODES,
                            Types.ListType.ofRequired(14, Types.StringType.get()),
                            "the reasons' codes"),
                    required(11, REASONS, Types.StringType.get(), "the reasons as a JSON array"),
                    optional(
                            12,
                            PAYLOAD,
                            Types.StringType.get(),
                            "the untouched payload, where it is UTF-8 text"),
                    optional(
                            13,
                            PAYLOAD_BASE64,
                            Types.StringType.get(),
                            "the untouched payload in Base64, where it is not UTF-8"));

    private DeadColumns() {}
}
