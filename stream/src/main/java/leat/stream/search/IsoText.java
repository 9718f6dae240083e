package leat.stream.search;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import leat.core.contract.FieldType;
import leat.core.validate.TimeTexts;

/// A contract's instants and days as ISO 8601 in UTC, read as the validator reads them. What cannot
/// be read is left for the engine to refuse.
final class IsoText {

    private IsoText() {}

    /// @param text the JSON string, or the digits of the JSON number
    static Optional<String> of(FieldType type, String text) {
        try {
            return switch (type) {
                case FieldType.Date date ->
                        Optional.of(TimeTexts.date(date.pattern(), date.format(), text).toString());
                case FieldType.Timestamp timestamp ->
                        Optional.of(TimeTexts.timestamp(timestamp, text).toString());
                case FieldType.Text _,
                        FieldType.Int _,
                        FieldType.Real _,
                        FieldType.Decimal _,
                        FieldType.Bool _,
                        FieldType.Time _,
                        FieldType.Struct _,
                        FieldType.Array _ ->
                        Optional.empty();
            };
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static String ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
