package leat.stream.send;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import leat.core.contract.Contract;
import org.jspecify.annotations.Nullable;

/// The rows of a CSV or TSV file by RFC 4180: quotes may hold separators and line breaks, empty
/// lines are left out.
final class CsvRows implements RowReader {

    private final String source;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final Columns columns;
    private final RowJson json = new RowJson();
    private long lastLine = 1;

    CsvRows(InputStream content, char separator, Contract contract, String source)
            throws IOException {
        this.source = source;
        // a decoder that reports: a replaced letter would be a changed value
        this.reader =
                CsvReader.builder()
                        .fieldSeparator(separator)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .ofCsvRecord(
                                new InputStreamReader(
                                        content, StandardCharsets.UTF_8.newDecoder()));
        this.records = reader.iterator();
        CsvRecord header = record();
        if (header == null) {
            throw new SendException.UnreadableInput(
                    source + " is empty; its first line must name the columns");
        }
        this.columns = Columns.of(header.getFields(), contract, source);
    }

    @Override
    public @Nullable SourceRow next() throws IOException {
        CsvRecord row = record();
        if (row == null) {
            return null;
        }
        json.clear();
        columns.write(row.getFields(), json);
        long line = row.getStartingLineNumber();
        return json.length() > MAX_ROW_BYTES
                ? SourceRow.oversized(line)
                : new SourceRow(line, json.copy());
    }

    private @Nullable CsvRecord record() throws IOException {
        try {
            if (!records.hasNext()) {
                return null;
            }
            CsvRecord row = records.next();
            lastLine = row.getStartingLineNumber();
            return row;
        } catch (CsvParseException e) {
            throw new SendException.UnreadableInput(
                    source
                            + ", after line "
                            + lastLine
                            + ": "
                            + e.getMessage()
                            + ". Quote the cell, and double the quotes inside it",
                    e);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new SendException.UnreadableInput(
                        source
                                + ", after line "
                                + lastLine
                                + ": not UTF-8. Convert the file, e.g. iconv -f ISO-8859-1 -t"
                                + " UTF-8",
                        e);
            }
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /// The separator that a header line has most of, outside of quotes; a comma when it has none.
    static char separatorOf(byte[] start, int length) {
        char[] candidates = {',', ';', '\t', '|'};
        int[] counts = new int[candidates.length];
        boolean quoted = false;
        for (int at = 0; at < length && (quoted || start[at] != '\n'); at++) {
            if (start[at] == '"') {
                quoted = !quoted;
            }
            for (int i = 0; i < candidates.length && !quoted; i++) {
                counts[i] += start[at] == candidates[i] ? 1 : 0;
            }
        }
        int best = 0;
        for (int i = 1; i < candidates.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return candidates[best];
    }
}
