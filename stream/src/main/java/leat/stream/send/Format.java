package leat.stream.send;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// How the rows of an input are written.
public enum Format {
    /// Separated values with a header line; the separator is the comma, semicolon, tab or bar that
    /// the header has most of.
    CSV,
    /// Tab-separated values with a header line.
    TSV,
    /// One JSON value a line.
    JSONL,
    /// One JSON array of objects, or JSON objects one after the other.
    JSON,
    /// Apache Parquet.
    PARQUET;

    private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /// `csv`, as the option `--format` takes it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The format that a file's name says, its compression's suffix left out.
    static Optional<Format> ofName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|gzip|zst|zstd)$", "");
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv" -> Optional.of(CSV);
            case "tsv", "tab" -> Optional.of(TSV);
            case "jsonl", "ndjson" -> Optional.of(JSONL);
            case "json" -> Optional.of(JSON);
            case "parquet" -> Optional.of(PARQUET);
            default -> Optional.empty();
        };
    }

    /// The format that the first bytes look like. JSON objects are lines where the first one ends
    /// with its line.
    static Format ofContent(byte[] start, int length) {
        if (startsWith(start, length, PARQUET_MAGIC)) {
            return PARQUET;
        }
        int first = 0;
        while (first < length && Character.isWhitespace(start[first])) {
            first++;
        }
        int lineEnd = first;
        while (lineEnd < length && start[lineEnd] != '\n') {
            lineEnd++;
        }
        if (first < length && start[first] == '[') {
            return JSON;
        }
        if (first < length && start[first] == '{') {
            return start[lastOfLine(start, first, lineEnd)] == '}' ? JSONL : JSON;
        }
        for (int at = first; at < lineEnd; at++) {
            if (start[at] == ',') {
                return CSV;
            }
            if (start[at] == '\t') {
                return TSV;
            }
        }
        return CSV;
    }

    private static int lastOfLine(byte[] start, int first, int lineEnd) {
        int last = lineEnd - 1;
        while (last > first && Character.isWhitespace(start[last])) {
            last--;
        }
        return last;
    }

    private static boolean startsWith(byte[] bytes, int length, byte[] magic) {
        if (length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes[i] != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
