package leat.core.outcome;

/// One reason why an event was refused.
///
/// @param field the path of the offending field, `tyres[2].pressure`; empty for the event as a
///   whole
/// @param message what is wrong and what would be right, at most [#MAX_MESSAGE_CHARS] characters
public record Reason(ReasonCode code, String field, String message) {

    public static final int MAX_MESSAGE_CHARS = 500;
    private static final int MAX_FIELD_CHARS = 200;

    /// Cuts what is longer than the limits, with an ellipsis.
    public Reason {
        field = cut(field, MAX_FIELD_CHARS);
        message = cut(message, MAX_MESSAGE_CHARS);
    }

    private static String cut(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
        return text.substring(0, end) + "…";
    }
}
