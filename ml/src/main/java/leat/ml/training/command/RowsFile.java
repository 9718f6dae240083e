package leat.ml.training.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import leat.ml.training.algorithm.Rows;

/// Rows as CSV, the earliest first: `_time` in UTC with microseconds, the features by their names,
/// and `_label` of 0 and 1 where there are labels. Features never begin with `_`. A missing value
/// is nothing between two commas; numbers are written so that reading them gives the same floats.
final class RowsFile {

    static final String TIME = "_time";
    static final String LABEL = "_label";

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private RowsFile() {}

    static void write(Rows rows, Path file) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, US_ASCII)) {
            out.write(String.join(",", columns(rows)));
            out.write('\n');
            StringBuilder line = new StringBuilder();
            for (int row = 0; row < rows.size(); row++) {
                line.setLength(0);
                add(rows, row, line);
                out.append(line);
            }
        }
    }

    private static List<String> columns(Rows rows) {
        List<String> columns = new ArrayList<>();
        columns.add(TIME);
        columns.addAll(rows.features());
        if (rows.hasLabels()) {
            columns.add(LABEL);
        }
        return columns;
    }

    private static void add(Rows rows, int row, StringBuilder line) {
        MICROS.formatTo(rows.time(row), line);
        line.append(',');
        for (int feature = 0; feature < rows.width(); feature++) {
            float value = rows.value(row, feature);
            if (!Float.isNaN(value)) {
                line.append(value);
            }
            line.append(',');
        }
        if (rows.hasLabels()) {
            line.append(rows.label(row) > 0.5 ? '1' : '0');
        } else {
            line.setLength(line.length() - 1);
        }
        line.append('\n');
    }
}
