package leat.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The program as `./leat` starts it: of its jars, and with the classes that a rehearsal has noted.
final class Program {

    private static final Path FOLDER = Path.of("..", "launcher", "target", "leat", "lib");
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String MAIN = "leat.launcher.Main";

    /// Tests look at what is right and not at how much a second: each start would else spend most
    /// of its time in the optimising compiler.
    private static final List<String> OPTIONS =
            List.of(
                    "-Xlog:disable",
                    "-Xlog:all=error:stderr",
                    "-Xmx768m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "--sun-misc-unsafe-memory-access=allow",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "-Dleat.search-node=" + System.getProperty("leat.search-node"));

    private static final List<Path> JARS = jars();
    private static final Path CACHE = rehearsed();

    private Program() {}

    /// The words of a command line up to the program's own.
    ///
    /// @param options for the JVM, e.g. an armed fail point
    static List<String> words(List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.add("-XX:AOTCache=" + CACHE);
        return java(all);
    }

    private static List<String> java(List<String> options) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(OPTIONS);
        words.addAll(options);
        words.add("-cp");
        words.add(JARS.stream().map(Path::toString).collect(Collectors.joining(":")));
        words.add(MAIN);
        return words;
    }

    private static List<Path> jars() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(file -> file.toAbsolutePath().normalize())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the launcher is not packaged", e);
        }
    }

    private static Path rehearsed() {
        Path cache = TARGET.resolve("leat.aot");
        try {
            if (!isFresh(cache)) {
                Files.deleteIfExists(cache);
                rehearse(cache);
            }
            return cache;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFresh(Path cache) throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        List<FileTime> times = new ArrayList<>();
        for (Path jar : JARS) {
            times.add(Files.getLastModifiedTime(jar));
        }
        return times.stream()
                        .max(Comparator.naturalOrder())
                        .orElseThrow()
                        .compareTo(Files.getLastModifiedTime(cache))
                < 0;
    }

    private static void rehearse(Path cache) throws IOException {
        List<String> words = java(List.of("-XX:AOTCacheOutput=" + cache));
        words.add("rehearse");
        Path output = TARGET.resolve("rehearsal.log");
        int code =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start()
                        .onExit()
                        .join()
                        .exitValue();
        if (code != 0 || !Files.exists(cache)) {
            throw new IllegalStateException(
                    "the rehearsal ended with " + code + ":\n" + Files.readString(output));
        }
    }
}
