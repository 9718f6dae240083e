package leat.stream.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import leat.core.contract.Contract;
import leat.core.contract.FieldType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadersTest {

    @TempDir Path folder;

    private static List<String> read(InputSource source, Optional<Format> format, Contract contract)
            throws IOException {
        List<String> rows = new ArrayList<>();
        try (Content content = Content.open(source);
                RowReader reader = content.rows(format, contract)) {
            for (SourceRow row = reader.next(); row != null; row = reader.next()) {
                rows.add(
                        row.line()
                                + ": "
                                + (row.tooLarge()
                                        ? "too large"
                                        : new String(row.json(), StandardCharsets.UTF_8)));
            }
        }
        return rows;
    }

    private List<String> read(String fileName, String content, Contract contract)
            throws IOException {
        Path file = Files.writeString(folder.resolve(fileName), content);
        return read(new InputSource.File(file), Optional.empty(), contract);
    }

    private static List<String> sniff(String content) throws IOException {
        return read(stream(content), Optional.empty(), Contracts.readings());
    }

    private static InputSource.Stream stream(String content) {
        return new InputSource.Stream(
                "stdin", new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void csvCellsBecomeTheContractsTypes() throws IOException {
        // Given
        Contract contract =
                Contracts.of(
                        Contracts.required("time", Contracts.EPOCH),
                        Contracts.required("car", Contracts.TEXT),
                        Contracts.optional("speed", Contracts.REAL),
                        Contracts.optional("gear", Contracts.INT),
                        Contracts.optional("parked", Contracts.BOOL),
                        Contracts.optional("seen", Contracts.ISO));

        // When
        List<String> rows =
                read(
                        "a.csv",
                        """
                        time,car,speed,gear,parked,seen
                        1567606196,car1,24.934872,3,true,2026-01-01T00:00:00Z
                        1567606197,"car ""2"", red",,,False,
                        """,
                        contract);

        // Then
        assertThat(rows)
                .containsExactly(
                        "2: {\"time\":1567606196,\"car\":\"car1\",\"speed\":24.934872,\"gear\":3,"
                                + "\"parked\":true,\"seen\":\"2026-01-01T00:00:00Z\"}",
                        "3: {\"time\":1567606197,\"car\":\"car \\\"2\\\", red\",\"parked\":false}");
    }

    @Test
    void cellThatDoesNotConvertIsSentAsText() throws IOException {
        assertThat(sniff("time,car,speed\nyesterday,c,fast\n1,c,NaN\n1,c,+007.50\n1,c,.5\n"))
                .containsExactly(
                        "2: {\"time\":\"yesterday\",\"car\":\"c\",\"speed\":\"fast\"}",
                        "3: {\"time\":1,\"car\":\"c\",\"speed\":\"NaN\"}",
                        "4: {\"time\":1,\"car\":\"c\",\"speed\":7.50}",
                        "5: {\"time\":1,\"car\":\"c\",\"speed\":0.5}");
    }

    @Test
    void onlyNumbersOfJsonAreNumbersOfJson() {
        assertThat(List.of("0", "-0", "10", "1.5", "-0.25", "1e9", "1E+9", "1.0e-9"))
                .allMatch(CellKind::isJsonNumber);
        assertThat(
                        List.of(
                                "",
                                "-",
                                "01",
                                "+1",
                                "1.",
                                ".5",
                                "1e",
                                "1e+",
                                "1 ",
                                "0x1",
                                "1,5",
                                "--1",
                                "1.5.5",
                                "Infinity",
                                "\u0661"))
                .noneMatch(CellKind::isJsonNumber);
    }

    @Test
    void rowsOfAnotherLengthAreSentAsTheyAre() throws IOException {
        assertThat(sniff("time,car,speed\n1,c\n2,c,3,what\n"))
                .containsExactly(
                        "2: {\"time\":1,\"car\":\"c\"}",
                        "3: {\"time\":2,\"car\":\"c\",\"speed\":3,\"column_4\":\"what\"}");
    }

    @Test
    void separatorAndLineEndsAndByteOrderMarkAreFound() throws IOException {
        String first = "2: {\"time\":1,\"car\":\"a,b\"}";
        assertThat(sniff("\uFEFFtime;car\r\n1;a,b\r\n")).containsExactly(first);
        assertThat(sniff("time\tcar\n1\ta,b\n")).containsExactly(first);
        assertThat(read("a.tsv", "time\tcar\n1\ta,b\n", Contracts.readings()))
                .containsExactly(first);
        assertThat(sniff("time|car\n1|a,b")).containsExactly(first);
    }

    @Test
    void cellMaySpanLines() throws IOException {
        assertThat(sniff("time,car\n1,\"two\nlines\"\n2,c\n"))
                .containsExactly(
                        "2: {\"time\":1,\"car\":\"two\\nlines\"}", "4: {\"time\":2,\"car\":\"c\"}");
    }

    @Test
    void headerErrorsAreListedTogetherWithTheNearestName() {
        assertThatThrownBy(() -> sniff("Time,car,sped,sped\n1,c,2,3\n"))
                .isInstanceOf(SendException.UnreadableInput.class)
                .hasMessageContaining("'Time' is no field of the contract (do you mean 'time'?)")
                .hasMessageContaining("'sped' is no field of the contract (do you mean 'speed'?)")
                .hasMessageContaining("'sped' stands there twice")
                .hasMessageContaining("the required field 'time' has no column")
                .hasMessageContaining("has the fields time, car, speed");
    }

    @Test
    void addedFieldCannotBeSent() {
        Contract contract =
                Contracts.of(
                        Contracts.required("car", Contracts.TEXT),
                        Contracts.added("region", Contracts.TEXT));
        assertThatThrownBy(() -> read(stream("car,region\na,b\n"), Optional.empty(), contract))
                .hasMessageContaining("'region' is added by the platform");
    }

    @Test
    void dottedColumnsAndJsonCellsMakeNestedValues() throws IOException {
        // Given
        Contract contract =
                Contracts.of(
                        Contracts.required("id", Contracts.INT),
                        Contracts.optional(
                                "place",
                                new FieldType.Struct(
                                        List.of(
                                                Contracts.optional("city", Contracts.TEXT),
                                                Contracts.optional("zip", Contracts.INT)))),
                        Contracts.optional(
                                "tags",
                                new FieldType.Array(
                                        Contracts.TEXT, leat.core.contract.Range.all(), false)));

        // When
        List<String> rows =
                read(
                        stream(
                                """
                                place.city,id,tags,place.zip
                                Ulm,1,"[""a"",""b""]",89073
                                ,2,[a,
                                """),
                        Optional.of(Format.CSV),
                        contract);

        // Then
        assertThat(rows)
                .containsExactly(
                        "2: {\"place\":{\"city\":\"Ulm\",\"zip\":89073},\"id\":1,\"tags\":[\"a\",\"b\"]}",
                        "3: {\"id\":2,\"tags\":\"[a\"}");
    }

    @Test
    void brokenQuotingNamesTheLine() {
        assertThatThrownBy(() -> sniff("time,car\n1,a\n2,\"b\n"))
                .isInstanceOf(SendException.UnreadableInput.class)
                .hasMessageContaining("after line 2");
    }

    @Test
    void otherEncodingsAreRefusedWithTheRemedy() throws IOException {
        Path latin = folder.resolve("latin.csv");
        Files.writeString(latin, "time,car\n1,Bär\n", StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() ->
                        read(new InputSource.File(latin), Optional.empty(), Contracts.readings()))
                .isInstanceOf(SendException.UnreadableInput.class)
                .hasMessageContaining("not UTF-8");
        Path wide = folder.resolve("wide.csv");
        Files.writeString(wide, "\uFEFFtime,car\n1,a\n", StandardCharsets.UTF_16LE);
        assertThatThrownBy(() ->
                        read(new InputSource.File(wide), Optional.empty(), Contracts.readings()))
                .hasMessageContaining("UTF-16");
    }

    @Test
    void linesAreSentAsTheyAre() throws IOException {
        assertThat(
                        read(
                                "a.jsonl",
                                "{\"a\":1.00}\r\n\n  \n{broken\n{\"b\":2}",
                                Contracts.readings()))
                .containsExactly("1: {\"a\":1.00}\r", "4: {broken", "5: {\"b\":2}");
    }

    @Test
    void arrayElementsAreCutOutAsTheyStand() throws IOException {
        assertThat(
                        read(
                                "a.json",
                                """
                                [ {"a": 1.00,
                                   "b": "]},{\\""},
                                  {"c": [1, {"d": null}], "c": 2} , 17, "x"
                                ]
                                """,
                                Contracts.readings()))
                .containsExactly(
                        "1: {\"a\": 1.00,    \"b\": \"]},{\\\"\"}",
                        "3: {\"c\": [1, {\"d\": null}], \"c\": 2}",
                        "3: 17",
                        "3: \"x\"");
    }

    @Test
    void objectsOneAfterTheOtherAreRead() throws IOException {
        assertThat(sniff("{\n \"a\": 1\n}\n{\n \"a\": 2\n}"))
                .containsExactly("1: {  \"a\": 1 }", "4: {  \"a\": 2 }");
        assertThat(sniff("{\"a\":1}\n{\"a\":2}\n")).containsExactly("1: {\"a\":1}", "2: {\"a\":2}");
        assertThat(sniff("[]")).isEmpty();
    }

    @Test
    void brokenArrayNamesTheLine() {
        assertThatThrownBy(() -> sniff("[{\"a\":1},\n{\"a\":"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("not whole");
        assertThatThrownBy(() -> sniff("[{\"a\":1} {\"a\":2}]"))
                .hasMessageContaining("expected ','");
        assertThatThrownBy(() -> sniff("[{\"a\":1}] x")).hasMessageContaining("behind the end");
        assertThatThrownBy(() -> sniff("[{\"a\":1}")).hasMessageContaining("ends inside the array");
    }

    @Test
    void arraysAreCutRightWhereverTheBufferEnds() throws IOException {
        // Given
        Random random = new Random(5);
        StringBuilder array = new StringBuilder("[");
        List<String> elements = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            String filler = "[{\\\"".repeat(random.nextInt(20));
            String element = "{\"n\":" + i + ",\"t\":\"" + filler + "\"}";
            elements.add("1: " + element);
            array.append(i == 0 ? "" : ",").append(" ".repeat(random.nextInt(9))).append(element);
        }

        // When
        List<String> rows = sniff(array.append("]").toString());

        // Then
        assertThat(rows).isEqualTo(elements);
    }

    @Test
    void compressionIsFoundByContent() throws IOException {
        byte[] plain = "time,car\n1,a\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            out.write(plain);
        }
        ByteArrayOutputStream zstd = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(zstd)) {
            out.write(plain);
        }
        Path gz = Files.write(folder.resolve("a.csv.gz"), gzip.toByteArray());
        Path zst = Files.write(folder.resolve("a.csv.zst"), zstd.toByteArray());
        Path raw = Files.write(folder.resolve("a.csv"), plain);
        for (Path file : List.of(gz, zst, raw)) {
            assertThat(read(new InputSource.File(file), Optional.empty(), Contracts.readings()))
                    .containsExactly("2: {\"time\":1,\"car\":\"a\"}");
            assertThat(Content.hash(file)).isEqualTo(Content.hash(raw));
        }
        InputStream stdin = Files.newInputStream(gz);
        assertThat(
                        read(
                                new InputSource.Stream("stdin", stdin),
                                Optional.empty(),
                                Contracts.readings()))
                .containsExactly("2: {\"time\":1,\"car\":\"a\"}");
    }

    @Test
    void rowBeyondTheLimitIsMarkedAndReadingGoesOn() throws IOException {
        // Given
        char[] much = new char[RowReader.MAX_ROW_BYTES];
        Arrays.fill(much, 'x');
        String large = "{\"a\":\"" + new String(much) + "\"}";

        // Then
        assertThat(sniff("{\"a\":1}\n" + large + "\n{\"a\":2}\n"))
                .containsExactly("1: {\"a\":1}", "2: too large", "3: {\"a\":2}");
        assertThat(sniff("[{\"a\":1},\n" + large + ",\n{\"a\":2}]"))
                .containsExactly("1: {\"a\":1}", "2: too large", "3: {\"a\":2}");
        assertThat(sniff("time,car\n1," + new String(much) + "\n2,b\n"))
                .containsExactly("2: too large", "3: {\"time\":2,\"car\":\"b\"}");
    }

    @Test
    void emptyOrMissingFileIsAClearError() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.csv"));
        assertThatThrownBy(() ->
                        read(new InputSource.File(empty), Optional.empty(), Contracts.readings()))
                .hasMessageContaining("empty.csv is empty");
        assertThatThrownBy(() -> Content.open(new InputSource.File(folder.resolve("no.csv"))))
                .hasMessageContaining("there is no file");
    }
}
