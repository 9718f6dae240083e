package leat.core.encoding;

import java.util.Optional;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.UnknownFields;

/// What a payload's schema must and must not have for a contract's fields, whatever its language.
///
/// @param unknown what the contract does with fields that it does not name
/// @param fromHeaders names of the top-level fields whose values are in headers
record FieldRules(UnknownFields unknown, Set<String> fromHeaders) {

    FieldRules {
        fromHeaders = Set.copyOf(fromHeaders);
    }

    /// What is wrong with a field of the contract that the schema has or has not.
    Optional<String> check(Field field, String path, boolean inSchema) {
        boolean fromHeader = fromHeaders.contains(path);
        if (inSchema && field.added()) {
            return Optional.of("'" + path + "' is set by the enricher and must not be sent");
        }
        if (inSchema && fromHeader) {
            return Optional.of("'" + path + "' comes from a header and from the schema");
        }
        if (!inSchema && field.required() && !field.added() && !fromHeader) {
            return Optional.of(
                    "'"
                            + path
                            + "' is required by the contract, and the schema does not have it; take"
                            + " it from a header (headers), or do not require it");
        }
        return Optional.empty();
    }

    /// What is wrong with a field of the schema that the contract does not have.
    Optional<String> unknown(String path) {
        return unknown == UnknownFields.DROP
                ? Optional.empty()
                : Optional.of(
                        "the contract has no field '"
                                + path
                                + "'; declare it, or set leat.unknownFields: drop");
    }

    static String misfit(String path, String what, FieldType type) {
        return "'" + path + "' is " + what + " and cannot become " + noun(type);
    }

    private static String noun(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> "a string";
            case FieldType.Int _ -> "an integer";
            case FieldType.Real _ -> "a number";
            case FieldType.Decimal _ -> "a decimal";
            case FieldType.Bool _ -> "a boolean";
            case FieldType.Date _ -> "a date";
            case FieldType.Time _ -> "a time";
            case FieldType.Timestamp _ -> "a timestamp";
            case FieldType.Struct _ -> "an object";
            case FieldType.Array _ -> "an array";
        };
    }
}
