package leat.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a process has in physical memory, pages that it shares with others included.
final class ResidentMemory {

    private static final Pattern LINE = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

    private ResidentMemory() {}

    /// Empty where there is no `/proc`, or no such process.
    static OptionalLong bytes(long pid) {
        try {
            Matcher line = LINE.matcher(Files.readString(Path.of("/proc", pid + "", "status")));
            return line.find()
                    ? OptionalLong.of(Long.parseLong(line.group(1)) << 10)
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
