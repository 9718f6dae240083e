package leat.enrichmentapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvLookupTest {

    @TempDir private Path folder;

    private CsvLookup read(String name, String text) throws IOException {
        return CsvLookup.read(Files.writeString(folder.resolve(name), text));
    }

    private void faulty(String name, String text, String... said) {
        assertThatThrownBy(() -> read(name, text))
                .isInstanceOfSatisfying(CsvFaulty.class, e -> assertThat(e.remedy()).isNotBlank())
                .hasMessageContaining(name)
                .hasMessageContainingAll(said);
    }

    @Test
    void aColumnIsWhatAllItsValuesAre() throws IOException {
        CsvLookup lookup =
                read(
                        "things.csv",
                        """
                        id,whole,decimal,flag,text,zeros,mixed
                        a,1,1,true,x,007,1
                        b,-20,2.50,false,,008,x
                        c,,,,,,
                        """);

        assertThat(lookup.name()).isEqualTo("things");
        assertThat(lookup.fields())
                .isEqualTo(List.of("whole", "decimal", "flag", "text", "zeros", "mixed"));
        assertThat(lookup.find("a"))
                .isEqualTo(
                        new Answer.Found(
                                Map.of(
                                        "whole", 1L, "decimal", 1.0, "flag", true, "text", "x",
                                        "zeros", "007", "mixed", "1"),
                                ""));
        assertThat(lookup.find("c")).isEqualTo(new Answer.Found(Map.of(), ""));
        assertThat(lookup.find("d")).isEqualTo(new Answer.Missing(""));
    }

    @Test
    void aFaultyFileIsRefusedWithItsLine() {
        faulty("a.csv", "", "is empty");
        faulty("a.csv", "id\n1\n", "line 1 does not name two columns");
        faulty("a.csv", "id,x,x\n", "line 1 does not name two columns");
        faulty("a.csv", "id,x\n1,2\n3\n", "line 3 has 1 cells, the header 2");
        faulty("a.csv", "id,x\n1,2\n1,3\n", "line 3 has '1' again");
        faulty("a.csv", "id,x\n,2\n", "line 2 has no key");
        faulty("My Cars.csv", "id,x\n1,2\n", "its name is no look-up's name");
    }

    @Test
    void onlyTheCsvFilesOfAFolderAreReadAndItNeedNotBeThere() throws IOException {
        Files.writeString(folder.resolve("README.md"), "words");
        read("b.csv", "id,x\n1,2\n");
        read("a.csv", "id,x\n1,2\n");

        assertThat(CsvLookup.readFolder(folder))
                .extracting(CsvLookup::name)
                .containsExactly("a", "b");
        assertThat(CsvLookup.readFolder(folder.resolve("none"))).isEmpty();
    }
}
