package leat.core.feature;

/// A value and where its event stands in the order of an entity's events.
record Stamped(Object value, long timeMicros, int partition, long offset) {

    static Stamped of(Object value, Observation observation) {
        return new Stamped(
                value, observation.timeMicros(), observation.partition(), observation.offset());
    }

    boolean before(Stamped other) {
        return compare(other) < 0;
    }

    private int compare(Stamped other) {
        if (timeMicros != other.timeMicros) {
            return Long.compare(timeMicros, other.timeMicros);
        }
        return partition != other.partition
                ? Integer.compare(partition, other.partition)
                : Long.compare(offset, other.offset);
    }
}
