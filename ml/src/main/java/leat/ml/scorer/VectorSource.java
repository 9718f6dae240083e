package leat.ml.scorer;

import java.util.Arrays;
import java.util.Objects;
import leat.core.event.EventHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// What a prediction takes over from the record of its vector. It is picked while the record is at
/// hand: by the time that predictions are written, a batch of records has left the processor's
/// caches.
final class VectorSource {

    private final int partition;
    private final byte @Nullable [] key;
    private final @Nullable Header origin;

    private VectorSource(int partition, byte @Nullable [] key, @Nullable Header origin) {
        this.partition = partition;
        this.key = key;
        this.origin = origin;
    }

    static VectorSource of(ConsumerRecord<byte[], byte[]> vector) {
        Header event = vector.headers().lastHeader(EventHeaders.POSITION);
        return new VectorSource(
                vector.partition(),
                vector.key(),
                event == null ? null : new RecordHeader(EventHeaders.ORIGIN, event.value()));
    }

    int partition() {
        return partition;
    }

    byte @Nullable [] key() {
        return key;
    }

    /// The position of the event that the vector was written with.
    @Nullable Header origin() {
        return origin;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VectorSource that
                && partition == that.partition
                && Arrays.equals(key, that.key)
                && Objects.equals(origin, that.origin);
    }

    @Override
    public int hashCode() {
        return Objects.hash(partition, Arrays.hashCode(key), origin);
    }
}
