package leat.core.yaml;

import java.nio.file.Path;

/// One thing that is wrong with a file, with what to do about it.
///
/// @param field the path of the key, `lake.compaction.target-size` or `schema[0].name`; empty for
///   the file as a whole
/// @param message what is wrong, without a final full stop
/// @param remedy what would be right, an imperative without a final full stop; may be empty
public record Problem(Location location, String field, String message, String remedy) {

    /// The same with the file named as seen from `folder`, where it lies beneath it.
    public Problem from(Path folder) {
        Path file = location.file().toAbsolutePath().normalize();
        Path base = folder.toAbsolutePath().normalize();
        return file.startsWith(base)
                ? new Problem(
                        new Location(base.relativize(file), location.line(), location.column()),
                        field,
                        message,
                        remedy)
                : this;
    }

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
