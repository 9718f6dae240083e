package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import leat.core.contract.FieldType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Passes over records of a view's input that are certainly not of an entity, by their bytes, so
/// that a partition of many entities is read faster than it could be parsed. What it lets through
/// still has to be looked at.
final class EntityFilter {

    private final byte[] entity;
    private final boolean keyed;
    private final boolean plain;

    /// @param entity a text, as in vectors
    EntityFilter(FeatureFlow flow, String entity) {
        this.entity = entity.getBytes(StandardCharsets.UTF_8);
        // What a view writes, it writes by its entities; to a contract's topic others write too.
        this.keyed = flow.rekeys() || flow.compiled().sourceView().isPresent();
        this.plain = flow.compiled().keyType() instanceof FieldType.Text;
    }

    boolean mayBeOf(ConsumerRecord<byte[], byte[]> record) {
        if (Arrays.equals(entity, record.key())) {
            return true;
        }
        return !keyed && (!plain || mayName(record.value()));
    }

    /// Whether JSON may have the entity as a text: it stands there as it is, or something is
    /// written with a backslash.
    private boolean mayName(byte @Nullable [] json) {
        if (json == null) {
            return false;
        }
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\\' || isAt(json, i)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(byte[] json, int start) {
        return json.length - start >= entity.length
                && Arrays.equals(json, start, start + entity.length, entity, 0, entity.length);
    }
}
