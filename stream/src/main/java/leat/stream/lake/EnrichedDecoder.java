package leat.stream.lake;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.ContractVersion;
import leat.core.event.EventHeaders;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.apache.iceberg.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Enriched events: the contract's fields from the JSON value, ours from the headers.
final class EnrichedDecoder implements RowDecoder {

    /// Behind the contract's fields.
    private static final List<String> OURS =
            List.of(
                    LakeColumns.ID,
                    LakeColumns.SOURCE,
                    LakeColumns.TIME,
                    LakeColumns.APPENDED,
                    LakeColumns.PARTITION,
                    LakeColumns.OFFSET,
                    LakeColumns.VERSION);

    private static final int MAX_DIGITS = 18;
    private static final long NO_NUMBER = Long.MIN_VALUE;

    private final Contract contract;
    private final EventParser parser;
    private final ColumnSources columns;
    private final Text source = new Text();
    private final Text version = new Text();

    /// @param table the columns of the table as it is
    EnrichedDecoder(Contract contract, EventParser parser, Schema table) {
        this.contract = contract;
        this.parser = parser;
        this.columns = new ColumnSources(contract, OURS, table);
    }

    @Override
    public Decoded decode(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        @Nullable Object[] ours = new @Nullable Object[OURS.size()];
        long timeMicros = NO_NUMBER;
        long appendedMillis = record.timestamp();
        for (Header header : record.headers()) {
            // A value is copied when it is asked for: those of other headers are not.
            switch (header.key()) {
                case EventHeaders.ID -> ours[0] = text(header.value());
                case EventHeaders.SOURCE -> ours[1] = source.of(header.value());
                case EventHeaders.EVENT_TIME -> timeMicros = number(header.value());
                case EventHeaders.POSITION -> position(header.value(), ours);
                case EventHeaders.APPENDED -> appendedMillis = appended(header.value(), record);
                case EventHeaders.CONTRACT_VERSION -> ours[6] = version.of(header.value());
                default -> {}
            }
        }
        ours[2] = timeMicros == NO_NUMBER ? null : Micros.instant(timeMicros);
        ours[3] = Instant.ofEpochMilli(appendedMillis);
        for (int i = 0; i < ours.length; i++) {
            if (ours[i] == null) {
                return Decoded.Refused.because(
                        "", "the record lacks a header that every enriched event has: " + NAMES[i]);
            }
        }
        byte[] json = record.value();
        if (json == null) {
            return Decoded.Refused.because("", "the record has no value");
        }
        return switch (parser.parse(json)) {
            case Outcome.Valid valid ->
                    new Decoded.Loaded(
                            new LakeRow(
                                    columns.values(valid.row(), ours),
                                    timeMicros,
                                    partition,
                                    record.offset()));
            case Outcome.Rejected(List<Reason> reasons) -> rejected(reasons, ours[6]);
        };
    }

    /// What comes back to the lake says itself when it was appended to raw.
    private static long appended(byte @Nullable [] value, ConsumerRecord<byte[], byte[]> record) {
        long millis = number(value);
        return millis == NO_NUMBER ? record.timestamp() : millis;
    }

    private static final String[] NAMES = {
        EventHeaders.ID,
        EventHeaders.SOURCE,
        EventHeaders.EVENT_TIME,
        "timestamp",
        EventHeaders.POSITION,
        EventHeaders.POSITION,
        EventHeaders.CONTRACT_VERSION
    };

    /// An event that keeps a newer contract than ours is not a bad event.
    private Decoded rejected(List<Reason> reasons, @Nullable Object judgedBy) {
        if (judgedBy instanceof String text
                && ContractVersion.parse(text).compareTo(contract.version()) > 0) {
            throw new LoaderStopped(
                    "contract "
                            + contract.name()
                            + ": there are events of version "
                            + text
                            + ", this process has version "
                            + contract.version(),
                    "restart this process with the newer contract");
        }
        List<Reason> ours = new ArrayList<>();
        for (Reason reason : reasons) {
            ours.add(
                    new Reason(
                            ReasonCode.REFUSED_BY_LAKE,
                            reason.field(),
                            reason.code().word() + ": " + reason.message()));
        }
        return new Decoded.Refused(ours);
    }

    /// Reads `topicId/partition@offset` without making its text.
    private static void position(byte @Nullable [] value, @Nullable Object[] ours) {
        if (value == null) {
            return;
        }
        int slash = indexOf(value, '/');
        int at = indexOf(value, '@');
        if (slash < 0 || at < slash) {
            return;
        }
        long partition = number(value, slash + 1, at);
        long offset = number(value, at + 1, value.length);
        if (partition != NO_NUMBER && offset != NO_NUMBER) {
            ours[4] = (int) partition;
            ours[5] = offset;
        }
    }

    private static int indexOf(byte[] value, char wanted) {
        for (int i = 0; i < value.length; i++) {
            if (value[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable String text(byte @Nullable [] value) {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static long number(byte @Nullable [] value) {
        return value == null ? NO_NUMBER : number(value, 0, value.length);
    }

    /// The number that the digits write; [#NO_NUMBER] when they are none of at most 18 digits.
    private static long number(byte[] value, int from, int to) {
        boolean negative = from < to && value[from] == '-';
        int first = negative ? from + 1 : from;
        if (first == to || to - first > MAX_DIGITS) {
            return NO_NUMBER;
        }
        long number = 0;
        for (int i = first; i < to; i++) {
            int digit = value[i] - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            number = number * 10 + digit;
        }
        return negative ? -number : number;
    }

    /// The last text of a header that hardly ever changes.
    private static final class Text {
        private byte[] bytes = {};
        private String text = "";

        @Nullable String of(byte @Nullable [] value) {
            if (value == null) {
                return null;
            }
            if (!Arrays.equals(bytes, value)) {
                bytes = value.clone();
                text = new String(value, StandardCharsets.UTF_8);
            }
            return text;
        }
    }
}
