package leat.launcher.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import leat.launcher.UserError;
import org.jspecify.annotations.Nullable;

/// The rows of a CSV file with the columns `timestamp` and `value`; a fault is told with file, line
/// and column. Empty lines are left out.
final class MetricRows implements AutoCloseable {

    private static final List<String> HEADER = List.of("timestamp", "value");
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Set<String> MISSING =
            Set.of("", "nan", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity");

    private final String name;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private long line;

    /// A row.
    ///
    /// @param time the time as it stands in the file
    /// @param text the value as it stands in the file
    /// @param value NaN where it is missing
    record Row(String time, String text, long timestampMillis, double value) {

        boolean isMissing() {
            return Double.isNaN(value);
        }
    }

    /// Reads the header.
    ///
    /// @param content of the file; must tell what is not UTF-8
    MetricRows(String name, Reader content) {
        this.name = name;
        this.reader =
                CsvReader.builder()
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .ofCsvRecord(content);
        this.records = reader.iterator();
        CsvRecord header = record();
        if (header == null) {
            throw new UserError(name + " is empty", "its first line must be timestamp,value");
        }
        List<String> columns =
                header.getFields().stream()
                        .map(column -> column.replace(BYTE_ORDER_MARK, "").strip())
                        .toList();
        if (!columns.equals(HEADER)) {
            throw new UserError(
                    "%s:%d: the columns are '%s'".formatted(name, line, String.join(",", columns)),
                    "the first line must be timestamp,value");
        }
    }

    /// The next row, or null at the end.
    @Nullable Row next() {
        CsvRecord row = record();
        if (row == null) {
            return null;
        }
        if (row.getFieldCount() != HEADER.size()) {
            throw new UserError(
                    "%s:%d: %d cells in place of 2".formatted(name, line, row.getFieldCount()),
                    "write a time and a value; a decimal comma must be a point");
        }
        String time = row.getField(0);
        String text = row.getField(1);
        long timestampMillis =
                MetricTime.parse(time)
                        .orElseThrow(() ->
                                new UserError(
                                        "%s:%d, column timestamp: '%s' is not a time"
                                                .formatted(name, line, time),
                                        "write it as 2014-02-14 14:27:00 or"
                                                + " 2014-02-14T14:27:00Z"));
        return new Row(time, text, timestampMillis, value(text));
    }

    private double value(String text) {
        String stripped = text.strip();
        if (MISSING.contains(stripped.toLowerCase(Locale.ROOT))) {
            return Double.NaN;
        }
        if (!NUMBER.matcher(stripped).matches()) {
            throw new UserError(
                    "%s:%d, column value: '%s' is not a number".formatted(name, line, text),
                    "write it as 12.5 or 1e6, and leave the cell empty where it is missing");
        }
        return Double.parseDouble(stripped);
    }

    private @Nullable CsvRecord record() {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord row = records.next();
            line = row.getStartingLineNumber();
            return row;
        } catch (CsvParseException e) {
            throw new UserError(
                    "%s, after line %d: a cell cannot be read: %s"
                            .formatted(name, line, e.getMessage()),
                    "quote the cell, and double the quotes inside it");
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new UserError(
                        "%s, after line %d: not UTF-8".formatted(name, line),
                        "convert the file, e.g. iconv -f ISO-8859-1 -t UTF-8");
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
