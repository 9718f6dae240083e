package leat.launcher.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/// One line that says how far long work is: rewritten in place on a terminal, a plain line every
/// ten seconds otherwise. It goes to standard error; results go to standard output.
final class ProgressLine implements AutoCloseable {

    private static final long TERMINAL_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int NARROWEST = 20;

    private final PrintWriter err;
    private final boolean terminal;
    private final int width;
    private long lastShown;
    private boolean lineIsOpen;

    ProgressLine(PrintWriter err) {
        this.err = err;
        this.terminal = isTerminal();
        this.width = width();
        this.lastShown = System.nanoTime() - (terminal ? TERMINAL_NANOS : 0);
    }

    /// Whether both a person and a cursor can be expected at the other end.
    static boolean isTerminal() {
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                && !"dumb".equals(System.getenv("TERM"));
    }

    /// How wide a table may be: as the terminal is; what goes into a file or another program is not
    /// cut unless `COLUMNS` says so.
    static int tableWidth() {
        return System.getenv("COLUMNS") == null && !isTerminal() ? Integer.MAX_VALUE : width();
    }

    /// The terminal's width in characters, from `COLUMNS`; 80 when unknown.
    static int width() {
        String columns = System.getenv("COLUMNS");
        if (columns != null && columns.matches("\\d{1,4}")) {
            return Math.max(NARROWEST, Integer.parseInt(columns));
        }
        return 80;
    }

    /// Shows `text` if the last one is long enough ago.
    synchronized void show(String text) {
        long now = System.nanoTime();
        if (now - lastShown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        lastShown = now;
        if (terminal) {
            String cut = text.length() < width ? text : text.substring(0, width - 2) + "…";
            err.print("\r\u001b[2K" + cut);
            lineIsOpen = true;
        } else {
            err.println(text);
        }
        err.flush();
    }

    /// Shows a line that stays.
    synchronized void tell(String text) {
        clear();
        err.println(text);
        err.flush();
    }

    @Override
    public void close() {
        clear();
    }

    /// Leaves the cursor at the start of a clean line.
    synchronized void clear() {
        if (lineIsOpen) {
            err.print("\r\u001b[2K");
            err.flush();
            lineIsOpen = false;
        }
    }
}
