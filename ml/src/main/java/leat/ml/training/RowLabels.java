package leat.ml.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import leat.core.contract.FieldPath;
import leat.core.enrich.ExpressionFailed;
import leat.core.outcome.Outcome;
import leat.core.training.Label;
import leat.core.validate.CanonicalText;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The labels of rows, while the events that say them are read.
abstract sealed class RowLabels {

    /// A row that has none.
    static final float NONE = Float.NaN;

    private final Label label;
    private final Validator validator;
    private final SchemaTally tally;

    private RowLabels(Label label, SchemaTally tally) {
        this.label = label;
        this.tally = tally;
        this.validator = Validator.forEnriched(label.contract());
    }

    /// @param mostEvents that may be kept for it
    /// @param tally of the events that may say the label of a row
    static RowLabels of(Label label, VectorTable table, int mostEvents, SchemaTally tally) {
        return label.within().isPresent()
                ? new OfLater(
                        label, table, DatasetReader.micros(label.within().get()), mostEvents, tally)
                : new OfOwn(label, table, tally);
    }

    /// Reads an event.
    abstract void read(ConsumerRecord<byte[], byte[]> record);

    /// The label of a row, 0 or 1; [#NONE] where it is not known.
    abstract float of(int row);

    /// What the label's expression says of an event.
    ///
    /// @return [#NONE] where it says nothing
    final float value(Row row) {
        try {
            Object value = label.value().evaluate(row);
            return value instanceof Boolean truth ? (truth ? 1 : 0) : NONE;
        } catch (ExpressionFailed _) {
            return NONE;
        }
    }

    /// An event; null where the record is none, which is counted.
    final @Nullable Row row(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            tally.breaks(record, "there is no value");
            return null;
        }
        return switch (validator.validate(record.value())) {
            case Outcome.Valid valid -> {
                tally.keeps();
                yield valid.row();
            }
            case Outcome.Rejected rejected -> {
                tally.breaks(record, rejected);
                yield null;
            }
        };
    }

    /// Labels that the events say that vectors were written with.
    private static final class OfOwn extends RowLabels {

        private final float[] labels;
        private final EventRows events = new EventRows();

        private OfOwn(Label label, VectorTable table, SchemaTally tally) {
            super(label, tally);
            labels = new float[table.size()];
            Arrays.fill(labels, NONE);
            for (int row = 0; row < table.size(); row++) {
                events.add(table.eventPartition(row), table.eventOffset(row), row);
            }
        }

        @Override
        void read(ConsumerRecord<byte[], byte[]> record) {
            int row = events.row(record.partition(), record.offset());
            Row event = row < 0 ? null : row(record);
            if (event != null) {
                labels[row] = value(event);
            }
        }

        @Override
        float of(int row) {
            return labels[row];
        }
    }

    /// Labels that events say which come later.
    private static final class OfLater extends RowLabels {

        private final VectorTable table;
        private final FieldPath key;
        private final long withinMicros;
        private final int mostEvents;

        /// Of the rows.
        private final long firstMicros;

        private final long lastMicros;
        private final long[][] times;
        private final int[] counts;
        private int events;
        private long newestMicros = Long.MIN_VALUE;
        private boolean sorted;

        private OfLater(
                Label label,
                VectorTable table,
                long withinMicros,
                int mostEvents,
                SchemaTally tally) {
            super(label, tally);
            this.table = table;
            this.key = label.key();
            this.withinMicros = withinMicros;
            this.mostEvents = mostEvents;
            this.times = new long[table.entityCount()][0];
            this.counts = new int[table.entityCount()];
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (int row = 0; row < table.size(); row++) {
                first = Math.min(first, table.timeMicros(row));
                last = Math.max(last, table.timeMicros(row));
            }
            this.firstMicros = first;
            this.lastMicros = last;
        }

        @Override
        void read(ConsumerRecord<byte[], byte[]> record) {
            OptionalLong time = EventHeader.eventMicros(record.headers());
            if (time.isEmpty()) {
                return;
            }
            newestMicros = Math.max(newestMicros, time.getAsLong());
            if (!isOfAnyRow(time.getAsLong())) {
                return;
            }
            Row event = row(record);
            if (event == null || value(event) != 1) {
                return;
            }
            Object whose = event.value(key);
            int entity = whose == null ? -1 : table.number(CanonicalText.of(whose));
            if (entity >= 0) {
                add(entity, time.getAsLong());
            }
        }

        private boolean isOfAnyRow(long timeMicros) {
            return timeMicros >= firstMicros && timeMicros - withinMicros < lastMicros;
        }

        private void add(int entity, long timeMicros) {
            if (++events > mostEvents) {
                throw new TrainingStopped(
                        String.format(
                                Locale.ROOT,
                                "the label holds for more than %,d events",
                                mostEvents),
                        "let it hold for fewer (label.when), or raise data.max-rows");
            }
            if (counts[entity] == times[entity].length) {
                times[entity] = Arrays.copyOf(times[entity], 2 * counts[entity] + 1);
            }
            times[entity][counts[entity]++] = timeMicros;
            sorted = false;
        }

        /// Not known where the time in which one may come is not over in the log.
        @Override
        float of(int row) {
            sort();
            long from = table.timeMicros(row);
            if (newestMicros == Long.MIN_VALUE || from > newestMicros - withinMicros) {
                return NONE;
            }
            long[] own = times[table.owner(row)];
            int found = Arrays.binarySearch(own, 0, counts[table.owner(row)], from);
            int next = found < 0 ? -found - 1 : found;
            return next < counts[table.owner(row)] && own[next] < from + withinMicros ? 1 : 0;
        }

        private void sort() {
            if (!sorted) {
                for (int entity = 0; entity < times.length; entity++) {
                    Arrays.sort(times[entity], 0, counts[entity]);
                }
                sorted = true;
            }
        }
    }
}
