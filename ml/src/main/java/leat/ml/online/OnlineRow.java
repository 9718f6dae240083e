package leat.ml.online;

/// What a [Learner] is given of a vector.
public final class OnlineRow {

    private final String entity;
    private final long timeMillis;
    private final float[] values;

    /// @param timeMillis of its query
    /// @param values one a feature, scaled where the algorithm has it so; not changed afterwards
    public OnlineRow(String entity, long timeMillis, float[] values) {
        this.entity = entity;
        this.timeMillis = timeMillis;
        this.values = values;
    }

    String entity() {
        return entity;
    }

    long timeMillis() {
        return timeMillis;
    }

    float[] values() {
        return values;
    }
}
