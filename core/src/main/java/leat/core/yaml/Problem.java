package leat.core.yaml;

/// One thing that is wrong with a file, with what to do about it.
///
/// @param field the path of the key, `lake.compaction.target-size` or `schema[0].name`; empty for
///   the file as a whole
/// @param message what is wrong, without a final full stop
/// @param remedy what would be right, an imperative without a final full stop; may be empty
public record Problem(Location location, String field, String message, String remedy) {

    /// `file:line: field: message. Remedy.`
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder().append(location).append(": ");
        if (!field.isEmpty()) {
            text.append(field).append(": ");
        }
        text.append(message).append('.');
        if (!remedy.isEmpty()) {
            text.append(' ')
                    .appendCodePoint(Character.toUpperCase(remedy.codePointAt(0)))
                    .append(remedy, remedy.offsetByCodePoints(0, 1), remedy.length())
                    .append('.');
        }
        return text.toString();
    }
}
