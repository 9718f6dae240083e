package leat.core.event;

/// The names of the Kafka headers that events carry: CloudEvents' (Kafka binding 1.0, binary mode)
/// and ours. All values are UTF-8 text.
public final class EventHeaders {

    public static final String ID = "ce_id";
    public static final String SOURCE = "ce_source";

    /// The source of an event that came to raw without an identity: its id is its position there.
    public static final String POSITION_SOURCE = "position";

    public static final String TYPE = "ce_type";
    public static final String TIME = "ce_time";
    public static final String SPEC_VERSION = "ce_specversion";
    public static final String CONTENT_TYPE = "content-type";

    /// What the header of any other attribute of CloudEvents begins with.
    public static final String ATTRIBUTE_PREFIX = "ce_";

    /// Where the id came from: an [IdOrigin] word.
    public static final String ID_ORIGIN = "leat_id_origin";

    /// How often a dead letter came back; absent means 0.
    public static final String ATTEMPT = "leat_attempt";

    /// The raw [Position] an enriched event or a dead letter comes from; of a vector the position
    /// in the enriched topic of the event that it was written with.
    public static final String POSITION = "leat_position";

    /// The position in the enriched topic of an event that was brought to its entity's partition,
    /// and of the vector that was written with it; [#POSITION] is then that in the view's own
    /// topic.
    public static final String ORIGIN = "leat_origin";

    /// The feature view that a vector is of, with its version: `car-driving.v1`.
    public static final String VIEW = "leat_view";

    /// The version of a model that a prediction was made with: `failure-risk/3`.
    public static final String MODEL = "leat_model";

    /// How many rows the prediction's version was run for in one batch, and how many nanoseconds it
    /// took, `512/183000`; on the first prediction of each version and batch.
    public static final String MODEL_TOOK = "leat_model_took";

    /// The event time in microseconds since the epoch, decimal; on enriched events.
    public static final String EVENT_TIME = "leat_event_time";

    /// The full version of the contract an event was judged by.
    public static final String CONTRACT_VERSION = "leat_contract_version";

    /// The fields that an enriched event lacks because their step failed, with commas between.
    public static final String SKIPPED = "leat_skipped";

    /// What the look-ups of an enriched event rest on, with commas between: the reference contract
    /// and the partition and offset of its `latest` topic, `car-registry.v1/2@17`.
    public static final String LOOKUPS = "leat_lookups";

    /// The stage that refused a dead letter, e.g. `enricher`.
    public static final String STAGE = "leat_stage";

    /// A dead letter's reasons: a JSON array of `{"code", "field", "message"}`.
    public static final String REASONS = "leat_reasons";

    /// A dead letter's own id: the [Hash128] of stage and position.
    public static final String DEAD_ID = "leat_dead_id";

    /// The [#DEAD_ID] of the dead letter that an event came back from.
    public static final String RETRY_OF = "leat_retry_of";

    /// When the event was appended to raw, in milliseconds since the epoch; on what comes back to
    /// one sink, whose records are younger.
    public static final String APPENDED = "leat_appended";

    /// Where in the topic of what comes back to the lake a dead letter of the lake stood that died
    /// again.
    public static final String RETRY_POSITION = "leat_retry_position";

    /// The offset that a dead letter of search had in the enriched topic: its document's version.
    public static final String ENRICHED_OFFSET = "leat_enriched_offset";

    /// CloudEvents' version.
    public static final String SPEC_VERSION_VALUE = "1.0";

    private EventHeaders() {}
}
