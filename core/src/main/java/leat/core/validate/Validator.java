package leat.core.validate;

import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.UnknownFields;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.core.validate.ValueReader.ObjectReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/// A compiled contract: reads an event's bytes in one pass and yields the typed row, or every
/// reason (up to a limit) for refusal. What is not sound JSON has one reason only. Safe for many
/// threads.
public final class Validator {

    private final ObjectReader root;
    private final PlainReader plain;

    private Validator(ObjectReader root, PlainReader plain) {
        this.root = root;
        this.plain = plain;
    }

    /// For what clients sent: fields that the enricher adds are refused.
    public static Validator forRaw(Contract contract) {
        ValueReader.Rules rules =
                new ValueReader.Rules(
                        contract.unknownFields() == UnknownFields.REJECT, true, true, false);
        return new Validator(
                ObjectReader.of(contract.fields(), rules), PlainReader.ofRaw(contract.fields()));
    }

    /// For what the enricher wrote: added fields are read like all others, and fields that the
    /// contract does not name are passed over, since a newer minor version may have added them. The
    /// types are demanded, which every table needs; ranges, patterns and the like are not asked for
    /// again, since the enricher has judged them, maybe by a wider version of the contract. Fields
    /// that a protection cuts out are missed by nobody.
    public static Validator forEnriched(Contract contract) {
        List<Field> fields = contract.publishedFields();
        return new Validator(
                ObjectReader.of(fields, new ValueReader.Rules(false, false, false, true)),
                PlainReader.ofJudged(fields));
    }

    public Outcome validate(byte[] event) {
        return validate(event, 0, event.length);
    }

    /// Validates the `length` bytes from `offset`.
    public Outcome validate(byte[] bytes, int offset, int length) {
        Row row = plain.read(bytes, offset, length);
        return row == null ? validateWhole(bytes, offset, length) : new Outcome.Valid(row);
    }

    /// With the full reader, whether the event is plain or not.
    Outcome validateWhole(byte[] bytes, int offset, int length) {
        try (JsonParser parser = Json.parser(bytes, offset, length)) {
            Pass pass = new Pass(parser);
            @Nullable Row[] row = new Row[1];
            Reason unreadable =
                    Json.reading(
                            bytes,
                            offset,
                            length,
                            () -> {
                                Json.start(parser);
                                row[0] = root.object(pass);
                                Json.end(parser);
                            });
            Row sound = row[0];
            if (unreadable != null) {
                return new Outcome.Rejected(List.of(unreadable));
            }
            if (!pass.reasons().isEmpty()) {
                return new Outcome.Rejected(pass.reasons());
            }
            return sound == null
                    ? new Outcome.Rejected(
                            List.of(new Reason(ReasonCode.INTERNAL, "", "no row was read")))
                    : new Outcome.Valid(sound, pass.unknownSeen());
        }
    }
}
