package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowedFileTest {

    @TempDir private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final PagesRead pages = new PagesRead();
    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("app.log");
    }

    private FollowedFile follow() {
        return new FollowedFile(file, "file/test", nanos::get);
    }

    private void settle() {
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void rotate(String to) throws IOException {
        Files.move(file, folder.resolve(to));
        awaitNextTick(folder.resolve(to));
    }

    /// File systems tell the times of files apart in ticks of some milliseconds, and no log is
    /// rotated twice within one.
    private void awaitNextTick(Path rotated) throws IOException {
        Path probe = folder.resolve("probe");
        do {
            Files.deleteIfExists(probe);
            Files.createFile(probe);
        } while (created(probe).compareTo(created(rotated)) <= 0);
        Files.delete(probe);
    }

    private static FileTime created(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).creationTime();
    }

    @Test
    void readsWholeLinesAsTheyCome() throws Exception {
        try (FollowedFile source = follow()) {
            pages.read(source);
            append("{\"n\":1}\n\n  \n{\"n\":2}\n{\"n\"");
            pages.read(source);
            assertThat(pages.rows()).containsExactly("{\"n\":1}", "{\"n\":2}");

            append(":3}\nnot json\n");
            pages.read(source);
        }

        assertThat(pages.rows()).containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "not json");
        assertThat(pages.ids()).doesNotHaveDuplicates();
    }

    @Test
    void anotherProcessGoesOnWhereTheFirstOneWas() throws Exception {
        append("1\n2\n");
        try (FollowedFile first = follow()) {
            pages.read(first);
        }
        append("3\n");
        try (FollowedFile second = follow()) {
            pages.read(second);
        }

        assertThat(pages.rows()).containsExactly("1", "2", "3");
    }

    @Test
    void whatIsSentAgainAfterAKillHasTheSameIds() throws Exception {
        append("1\n2\n");
        try (FollowedFile killed = follow()) {
            pages.step(killed, true);
            pages.step(killed, false);
        }
        append("3\n");
        try (FollowedFile second = follow()) {
            pages.read(second);
        }

        assertThat(pages.rows()).containsExactly("1", "2", "1", "2", "3");
        assertThat(pages.once()).containsExactly("1", "2", "3");
    }

    @Test
    void aRenamedFileIsReadToItsEndBeforeTheNext() throws Exception {
        append("1\n");
        try (FollowedFile source = follow()) {
            pages.read(source);
            append("2\n");
            rotate("app.log.1");
            append("4\n");
            // Its writer has not noticed yet.
            Files.writeString(folder.resolve("app.log.1"), "3", StandardOpenOption.APPEND);
            pages.read(source);
            settle();
            pages.read(source);
        }

        assertThat(pages.rows()).containsExactly("1", "2", "3", "4");
        assertThat(pages.ids()).doesNotHaveDuplicates();
    }

    @Test
    void filesThatCameAndWentMeanwhileAreReadInTheirOrder() throws Exception {
        append("1\n");
        try (FollowedFile first = follow()) {
            pages.read(first);
        }
        append("2\n");
        rotate("app.log.3");
        append("3\n");
        rotate("app.log.2");
        append("4\n");
        rotate("app.log.1");
        append("5\n");
        Files.writeString(folder.resolve("app.log.bak"), "other\n");

        try (FollowedFile second = follow()) {
            for (int i = 0; i < 4; i++) {
                pages.read(second);
                settle();
            }
            pages.read(second);
        }

        assertThat(pages.rows()).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void aFileThatIsCutOffBeginsAnewWithOtherIds() throws Exception {
        append("1\n2\n");
        try (FollowedFile source = follow()) {
            pages.read(source);
            Files.writeString(file, "1\n", StandardOpenOption.TRUNCATE_EXISTING);
            pages.read(source);
        }

        assertThat(pages.rows()).containsExactly("1", "2", "1");
        assertThat(pages.ids()).doesNotHaveDuplicates();
    }

    @Test
    void aFileThatIsCutOffAndGrewBeyondIsFoundByItsContent() throws Exception {
        append("1\n2\n");
        try (FollowedFile source = follow()) {
            pages.read(source);
            Files.writeString(file, "7\n8\n9\n", StandardOpenOption.TRUNCATE_EXISTING);
            pages.read(source);
        }

        assertThat(pages.once()).containsExactly("1", "2", "7", "8", "9");
    }

    @Test
    void aFileThatIsGoneDoesNotKeepTheNextOneFromBeingRead() throws Exception {
        append("1\n");
        try (FollowedFile first = follow()) {
            pages.read(first);
        }
        append("lost\n");
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(file, elsewhere);
        append("2\n");
        try (FollowedFile second = follow()) {
            pages.read(second);
        }

        assertThat(pages.rows()).containsExactly("1", "2");
    }

    @Test
    void aLineThatIsNoEventIsLeftOut() throws Exception {
        append("1\n");
        append("x".repeat(FileLines.MAX_LINE_BYTES + 10));
        try (FollowedFile source = follow()) {
            pages.read(source);
            append("y".repeat(2 << 20) + "\n2\n");
            pages.read(source);
        }

        assertThat(pages.rows()).containsExactly("1", "2");
    }

    @Test
    void nothingIsLostOrDoubledWhateverComesBetween() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> written = new ArrayList<>();
        FollowedFile source = follow();
        // What was rotated away before anybody followed is nobody's promise.
        append("begin\n");
        written.add("begin");
        pages.read(source);
        int rotations = 0;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    String line = "line " + step + " " + "z".repeat(random.nextInt(3_000));
                    written.add(line);
                    append(line + "\n");
                }
                case 3 -> pages.step(source, random.nextInt(4) > 0);
                case 4 -> {
                    source.close();
                    source = follow();
                }
                default -> {
                    if (Files.exists(file)) {
                        rotate("app.log." + ++rotations);
                    }
                    settle();
                }
            }
        }
        append("end\n");
        written.add("end");
        for (int i = 0; i <= rotations; i++) {
            pages.read(source);
            settle();
        }
        source.close();

        assertThat(pages.once()).as("seed " + seed).containsExactlyElementsOf(written);
    }
}
