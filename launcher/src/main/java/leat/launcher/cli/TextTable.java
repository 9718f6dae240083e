package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;

/// Rows of text as aligned columns, cut to the terminal's width. Numbers are aligned to the right.
final class TextTable {

    private static final String GAP = "  ";
    private static final int MIN_LAST_COLUMN = 10;

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... header) {
        this.header = List.of(header);
    }

    TextTable(List<String> header) {
        this.header = List.copyOf(header);
    }

    /// Adds a row with as many cells as the header has.
    void row(List<String> cells) {
        if (cells.size() != header.size()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells under " + header.size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    void row(String... cells) {
        row(List.of(cells));
    }

    /// The table's lines, each at most `width` characters: the last column is cut when it must be,
    /// and then whole columns are left out from the right.
    List<String> lines(int width) {
        int[] widths = widths();
        boolean[] numeric = numeric();
        int shown = shown(widths, width);
        List<String> lines = new ArrayList<>();
        lines.add(line(header.subList(0, shown), widths, numeric, width));
        for (List<String> row : rows) {
            lines.add(line(row.subList(0, shown), widths, numeric, width));
        }
        return lines;
    }

    /// How many columns [#lines] leaves out.
    int hiddenColumns(int width) {
        return header.size() - shown(widths(), width);
    }

    private int[] widths() {
        int[] widths = new int[header.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = header.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return widths;
    }

    private boolean[] numeric() {
        boolean[] numeric = new boolean[header.size()];
        for (int column = 0; column < numeric.length; column++) {
            numeric[column] = !rows.isEmpty();
            for (List<String> row : rows) {
                String cell = row.get(column);
                numeric[column] &= cell.isEmpty() || cell.matches("-?[\\d.,]+%?( [a-z/]{1,3})?");
            }
        }
        return numeric;
    }

    /// How many columns have room, the last one for a good part of it.
    private static int shown(int[] widths, int width) {
        int end = widths.length == 0 ? 0 : widths[0];
        for (int column = 1; column < widths.length; column++) {
            int start = end + GAP.length();
            if (start + Math.min(MIN_LAST_COLUMN, widths[column]) > width) {
                return column;
            }
            end = start + widths[column];
        }
        return widths.length;
    }

    private static String line(List<String> cells, int[] widths, boolean[] numeric, int width) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            if (column > 0) {
                line.append(GAP);
            }
            line.append(numeric[column] ? padding + cell : cell + padding);
        }
        String text = line.toString().stripTrailing();
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
