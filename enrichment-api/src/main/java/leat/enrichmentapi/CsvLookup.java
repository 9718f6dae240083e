package leat.enrichmentapi;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks up in a CSV file with a header, whose first column is the key. The file is read once.
///
/// A column whose values are all whole numbers, decimal numbers, or `true` and `false`, has numbers
/// or booleans; any other has texts. An empty cell is no value.
final class CsvLookup implements KeyLookup {

    /// The most rows of a file.
    static final int MAX_ROWS = 1_000_000;

    /// The largest file.
    static final long MAX_BYTES = 256L << 20;

    private static final String SUFFIX = ".csv";

    private final String name;
    private final List<String> fields;
    private final Map<String, Map<String, Object>> rows;

    private CsvLookup(String name, List<String> fields, Map<String, Map<String, Object>> rows) {
        this.name = name;
        this.fields = List.copyOf(fields);
        this.rows = Map.copyOf(rows);
    }

    /// Every `*.csv` of a folder; none where there is no folder.
    ///
    /// @throws CsvFaulty when one cannot be used
    static List<CsvLookup> readFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .map(CsvLookup::read)
                    .toList();
        } catch (IOException e) {
            throw new CsvFaulty(folder, "cannot be listed: " + e.getMessage(), "check its rights");
        }
    }

    /// @throws CsvFaulty when the file cannot be used
    static CsvLookup read(Path file) {
        String fileName = file.getFileName().toString();
        String name = fileName.substring(0, fileName.length() - SUFFIX.length());
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new CsvFaulty(
                    file,
                    "its name is no look-up's name",
                    "use lower case letters, digits and single hyphens before .csv");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new CsvFaulty(
                        file,
                        "is larger than " + (MAX_BYTES >> 20) + " MiB",
                        "make it a reference contract, which grows with the log");
            }
            try (CsvReader<CsvRecord> records =
                    CsvReader.builder()
                            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                            .allowUnclosedQuote(false)
                            .ofCsvRecord(file)) {
                return new Reading(file, name).read(records);
            }
        } catch (IOException e) {
            throw new CsvFaulty(file, "cannot be read: " + e.getMessage(), "check its rights");
        } catch (CsvParseException e) {
            throw new CsvFaulty(file, "is not CSV: " + e.getMessage(), "correct the line");
        }
    }

    /// One file while it is read.
    private record Reading(Path file, String name) {

        CsvLookup read(CsvReader<CsvRecord> records) {
            List<String> header = List.of();
            Map<String, List<String>> cells = new LinkedHashMap<>();
            for (CsvRecord record : records) {
                if (header.isEmpty()) {
                    header = header(record);
                } else {
                    add(record, header, cells);
                }
            }
            if (header.isEmpty()) {
                throw new CsvFaulty(file, "is empty", "begin it with a line of column names");
            }
            return new CsvLookup(name, header.subList(1, header.size()), typed(header, cells));
        }

        private List<String> header(CsvRecord record) {
            List<String> names = record.getFields().stream().map(String::strip).toList();
            if (names.size() < 2
                    || names.contains("")
                    || new HashSet<>(names).size() < names.size()) {
                throw new CsvFaulty(
                        file,
                        "line 1 does not name two columns or more, each differently",
                        "write the key's name, then the fields'");
            }
            return names;
        }

        private void add(CsvRecord record, List<String> header, Map<String, List<String>> cells) {
            List<String> fields = record.getFields();
            String line = "line " + record.getStartingLineNumber();
            if (fields.size() != header.size()) {
                throw new CsvFaulty(
                        file,
                        line + " has " + fields.size() + " cells, the header " + header.size(),
                        "write one for each column; empty ones are no value");
            }
            String key = fields.getFirst();
            if (key.isEmpty() || cells.put(key, fields) != null) {
                throw new CsvFaulty(
                        file,
                        line + (key.isEmpty() ? " has no key" : " has '" + key + "' again"),
                        "give each key one line");
            }
            if (cells.size() > MAX_ROWS) {
                throw new CsvFaulty(
                        file,
                        "has more than " + MAX_ROWS + " rows",
                        "make it a reference contract, which grows with the log");
            }
        }

        private static Map<String, Map<String, Object>> typed(
                List<String> header, Map<String, List<String>> cells) {
            List<CellType> types = new ArrayList<>();
            for (int column = 0; column < header.size(); column++) {
                int index = column;
                types.add(CellType.of(cells.values().stream().map(row -> row.get(index)).toList()));
            }
            Map<String, Map<String, Object>> rows = new HashMap<>();
            cells.forEach((key, row) -> {
                Map<String, Object> values = new LinkedHashMap<>();
                for (int column = 1; column < row.size(); column++) {
                    if (!row.get(column).isEmpty()) {
                        values.put(header.get(column), types.get(column).value(row.get(column)));
                    }
                }
                rows.put(key, values);
            });
            return rows;
        }
    }

    /// What a column's texts are.
    private enum CellType {
        INTEGER("-?(0|[1-9]\\d{0,17})"),
        NUMBER("-?(0|[1-9]\\d{0,14})(\\.\\d{1,15})?"),
        FLAG("true|false"),
        TEXT("(?s).*");

        private final String form;

        CellType(String form) {
            this.form = form;
        }

        static CellType of(List<String> texts) {
            for (CellType type : values()) {
                if (texts.stream().allMatch(text -> text.isEmpty() || text.matches(type.form))) {
                    return type;
                }
            }
            return TEXT;
        }

        Object value(String text) {
            return switch (this) {
                case INTEGER -> Long.valueOf(text);
                case NUMBER -> Double.valueOf(text);
                case FLAG -> Boolean.valueOf(text);
                case TEXT -> text;
            };
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "csv";
    }

    @Override
    public List<String> fields() {
        return fields;
    }

    @Override
    public Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    public Answer find(String key) {
        Map<String, Object> row = rows.get(key);
        return row == null ? new Answer.Missing("") : new Answer.Found(row, "");
    }
}
