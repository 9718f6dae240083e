package leat.core.training;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.event.Hash128;

/// What tells the files of a small folder from others: their names and bytes, whatever their times
/// and their order. What programs leave behind is of no account: hidden files and folders, and
/// `__pycache__`. Folders behind links are not looked into.
final class FolderDigest extends SimpleFileVisitor<Path> {

    private static final int MOST_FILES = 1_000;
    private static final long MOST_BYTES = 64L << 20;

    private final Path root;
    private final SortedMap<String, String> files = new TreeMap<>();
    private long bytes;

    private FolderDigest(Path root) {
        this.root = root;
    }

    /// A folder that has none.
    static final class NoFolder extends IOException {

        private static final long serialVersionUID = 1;

        private final String remedy;

        NoFolder(String message, String remedy) {
            super(message);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    /// The digest of a folder.
    ///
    /// @throws NoFolder when it is not there, or has too much
    /// @throws IOException when a file cannot be read
    static String of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoFolder("is not there", "make it, and put the program's files there");
        }
        // A folder may stand there by a link.
        Path real = folder.toRealPath();
        FolderDigest digest = new FolderDigest(real);
        Files.walkFileTree(real, digest);
        return Hash128.of(
                        digest.files.entrySet().stream()
                                .map(file -> file.getKey() + "\0" + file.getValue())
                                .toArray(String[]::new))
                .toString();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return !folder.equals(root) && isLeftBehind(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
    }

    private static boolean isLeftBehind(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") || name.equals("__pycache__");
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (!isLeftBehind(file) && Files.isRegularFile(file)) {
            bytes += Files.size(file);
            if (files.size() == MOST_FILES || bytes > MOST_BYTES) {
                throw new NoFolder(
                        "has more than " + MOST_FILES + " files or " + (MOST_BYTES >> 20) + " MiB",
                        "keep there what the program is made of, and data elsewhere");
            }
            files.put(
                    root.relativize(file).toString().replace('\\', '/'),
                    Hash128.ofBytes(Files.readAllBytes(file)).toString());
        }
        return FileVisitResult.CONTINUE;
    }
}
