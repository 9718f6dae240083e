package leat.ml.training;

import java.util.Optional;
import leat.core.event.Position;
import leat.core.event.TopicId;
import org.jspecify.annotations.Nullable;

/// The vectors that a view has written with the events of rows, as the scorer finds them; a row has
/// nothing of it where the log has no such vector any more.
final class EventVectors implements OtherVectors {

    private final VectorReader reader;
    private final VectorTable table;
    private final EventRows rows = new EventRows();

    /// The topic of the events; null before the first.
    private @Nullable TopicId topic;

    /// @param table that the vectors are added to
    EventVectors(VectorReader reader, VectorTable table) {
        this.reader = reader;
        this.table = table;
    }

    /// Adds a vector; one of no event is passed over.
    void add(VectorReader.Vector vector) {
        Optional<Position> event = vector.event();
        if (event.isEmpty() || (topic != null && !topic.equals(event.get().topic()))) {
            return;
        }
        topic = event.get().topic();
        rows.add(event.get().partition(), event.get().offset(), table.size());
        table.add(reader.values(vector), vector.timeMicros(), vector.entity(), 0, -1);
    }

    @Override
    public void put(VectorReader.Vector row, float[] values) {
        int found =
                row.event()
                        .filter(event -> event.topic().equals(topic))
                        .map(event -> rows.row(event.partition(), event.offset()))
                        .orElse(-1);
        if (found >= 0) {
            reader.place(table.copy(found), values);
        }
    }
}
