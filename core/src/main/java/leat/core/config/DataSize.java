package leat.core.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of data, written `512`, `64KiB`, `10MiB` or `2GiB`.
public record DataSize(long bytes) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?");

    /// Checks the amount.
    ///
    /// @throws IllegalArgumentException when `bytes` is negative
    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws IllegalArgumentException when `text` is not a number with B, KiB, MiB or GiB
    public static DataSize parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size; write e.g. 512KiB, 10MiB or 2GiB");
        }
        String unit = form.group(2) == null ? "B" : form.group(2);
        long factor =
                switch (unit) {
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default -> 1L;
                };
        return new DataSize(Math.multiplyExact(Long.parseLong(form.group(1)), factor));
    }

    public static DataSize mebibytes(long count) {
        return new DataSize(count << 20);
    }

    @Override
    public String toString() {
        if (bytes > 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes > 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes > 0 && bytes % (1L << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
}
