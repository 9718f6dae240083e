package leat.ml.training;

import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.training.Checks;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Counts the records of one kind that keep their schema, and those that break it.
final class SchemaTally {

    private long records;
    private long unreadable;
    private String first = "";

    void keeps() {
        records++;
    }

    /// @param why what is wrong with the record
    void breaks(ConsumerRecord<byte[], byte[]> record, String why) {
        if (unreadable == 0) {
            first = record.topic() + "/" + record.partition() + "@" + record.offset() + ": " + why;
        }
        records++;
        unreadable++;
    }

    void breaks(ConsumerRecord<byte[], byte[]> record, Outcome.Rejected rejected) {
        Reason reason = rejected.reasons().getFirst();
        breaks(record, (reason.field() + " " + reason.message()).strip());
    }

    Checks.Kept counted() {
        return new Checks.Kept(records, unreadable, first);
    }
}
