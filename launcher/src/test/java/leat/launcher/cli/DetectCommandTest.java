package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DetectCommandTest {

    private static final int SPIKE = 1_500;

    @TempDir private Path folder;

    @Test
    void everyRowIsWrittenAsItWasWithItsScoreAndTheSpikeIsTheHighest() throws IOException {
        List<String> rows = rows(2_000);
        Path file = file("timestamp,value", rows);

        LeatCommandLines.Ended ended = LeatCommandLines.run("detect", file.toString());

        assertThat(ended.exitCode()).isZero();
        List<String> lines = ended.output().lines().toList();
        assertThat(lines).hasSize(rows.size() + 1).first().isEqualTo("timestamp,value,score");
        int highest = 1;
        for (int i = 1; i < lines.size(); i++) {
            assertThat(lines.get(i)).startsWith(rows.get(i - 1) + ",");
            assertThat(score(lines.get(i))).isBetween(0.0, 1.0);
            highest = score(lines.get(i)) > score(lines.get(highest)) ? i : highest;
        }
        assertThat(highest - 1).isEqualTo(SPIKE);
        assertThat(score(lines.get(highest))).isGreaterThan(0.5);
    }

    @Test
    void theScoresOfAFilesBeginningAreTheBeginningOfItsScores() throws IOException {
        List<String> rows = rows(1_600);
        Path whole = file("timestamp,value", rows);
        String scored = LeatCommandLines.run("detect", whole.toString()).output();

        for (int cut : List.of(1, 700, SPIKE, SPIKE + 1)) {
            Path part = file("timestamp,value", rows.subList(0, cut));
            assertThat(scored).startsWith(LeatCommandLines.run("detect", part.toString()).output());
        }
    }

    @Test
    void aFileOfScoresComesWithASummaryForPeopleAndForPrograms() throws IOException {
        Path file = file("timestamp,value", rows(1_600));
        String scored = LeatCommandLines.run("detect", file.toString()).output();
        Path out = folder.resolve("scores.csv");

        LeatCommandLines.Ended text =
                LeatCommandLines.run("detect", file.toString(), "--out", out.toString());
        LeatCommandLines.Ended json =
                LeatCommandLines.run("detect", file.toString(), "--out", out.toString(), "--json");

        assertThat(out).hasContent(scored);
        assertThat(text.output()).contains("1,600 rows", "alarms", "highest: 0.");
        assertThat(json.output())
                .contains("\"rows\":1600", "\"missing\":0", "\"outOfOrder\":0", "\"alarms\":");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("metric.csv", "scores.csv");
    }

    @Test
    void missingValuesKeepTheirRowsAndScoreNothing() throws IOException {
        Path file =
                file(
                        "\uFEFFtimestamp, value",
                        List.of(
                                "2014-02-14 14:27:00,1",
                                "2014-02-14 14:32:00,",
                                "",
                                "2014-02-14T14:37:00.250Z,NaN",
                                "2014-02-14T14:37:00+00:00,-inf"));

        LeatCommandLines.Ended ended = LeatCommandLines.run("detect", file.toString());

        assertThat(ended.output())
                .isEqualTo(
                        """
                        timestamp,value,score
                        2014-02-14 14:27:00,1,0.000000
                        2014-02-14 14:32:00,,0.000000
                        2014-02-14T14:37:00.250Z,NaN,0.000000
                        2014-02-14T14:37:00+00:00,-inf,0.000000
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "time,value|2014-02-14 14:27:00,1|metric.csv:1: the columns are 'time,value'",
                "timestamp,value|2014-02-30 14:27:00,1|metric.csv:2, column timestamp: '2014-02-30",
                "timestamp,value|yesterday,1|metric.csv:2, column timestamp: 'yesterday'",
                "timestamp,value|2014-02-14 14:27:00,0x1p3|metric.csv:2, column value: '0x1p3'",
                "timestamp,value|2014-02-14 14:27:00,1,5|metric.csv:2: 3 cells in place of 2",
                "timestamp,value|2014-02-14 14:27:00|metric.csv:2: 1 cells in place of 2",
            })
    void aFaultIsToldWithFileLineAndColumnAndNoFileIsLeft(
            String header, String row, String expected) throws IOException {
        Path file = file(header, List.of(row));
        Path out = folder.resolve("scores.csv");

        LeatCommandLines.Ended ended =
                LeatCommandLines.run("detect", file.toString(), "--out", out.toString());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains(expected).containsPattern("\n {6}\\w");
        assertThat(folder.toFile().list()).containsExactly("metric.csv");
    }

    @Test
    void whatCannotBeReadOrWrittenIsSaid() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.csv"), "");
        Path latin =
                Files.write(
                        folder.resolve("latin.csv"),
                        "timestamp,value\n2014-02-14,\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        Path good = file("timestamp,value", rows(3));

        assertThat(said("detect", folder.resolve("none.csv").toString())).contains("cannot read");
        assertThat(said("detect", folder.toString())).contains("is a folder");
        assertThat(said("detect", empty.toString())).contains("is empty", "timestamp,value");
        assertThat(said("detect", latin.toString())).contains("not UTF-8", "iconv");
        assertThat(said("detect", good.toString(), "--out", folder.resolve("a/b.csv").toString()))
                .contains("cannot write to");
    }

    @Test
    void wrongUseEndsWithTwo() throws IOException {
        Path good = file("timestamp,value", rows(3));

        assertThat(LeatCommandLines.run("detect").exitCode()).isEqualTo(2);
        LeatCommandLines.Ended json = LeatCommandLines.run("detect", good.toString(), "--json");
        assertThat(json.exitCode()).isEqualTo(2);
        assertThat(json.output()).contains("--out FILE");
    }

    @ParameterizedTest
    @CsvSource({
        "2014-02-14,2014-02-14T00:00:00Z",
        "2014-02-14 14:27,2014-02-14T14:27:00Z",
        "2014-02-14 14:27:00,2014-02-14T14:27:00Z",
        "2014-02-14 14:27:00.000000,2014-02-14T14:27:00Z",
        "2014-02-14T14:27:00.125,2014-02-14T14:27:00.125Z",
        "2014-02-14T14:27:00Z,2014-02-14T14:27:00Z",
        "2014-02-14T14:27:00+0130,2014-02-14T12:57:00Z",
        "2014-02-14 14:27:00-05:00,2014-02-14T19:27:00Z",
    })
    void timesAreReadAsFilesHaveThem(String text, Instant expected) {
        assertThat(MetricTime.parse(text)).isEqualTo(OptionalLong.of(expected.toEpochMilli()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "14:27", "2014-2-14", "2014-02-14 25:00", "1392388020", "20140214"})
    void whatIsNoTimeIsNone(String text) {
        assertThat(MetricTime.parse(text)).isEmpty();
    }

    private static String said(String... words) {
        LeatCommandLines.Ended ended = LeatCommandLines.run(words);
        assertThat(ended.exitCode()).isEqualTo(1);
        return ended.output();
    }

    private static double score(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(',') + 1));
    }

    private static List<String> rows(int count) {
        SplittableRandom random = new SplittableRandom(1);
        Instant start = Instant.parse("2014-02-14T00:00:00Z");
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(i ->
                        start.plusSeconds(300L * i).toString().replace('T', ' ').replace("Z", "")
                                + ","
                                + (i == SPIKE
                                        ? 400
                                        : Math.round(random.nextGaussian() * 100) / 10.0))
                .toList();
    }

    private Path file(String header, List<String> rows) throws IOException {
        return Files.writeString(
                folder.resolve("metric.csv"), header + "\n" + String.join("\n", rows) + "\n");
    }
}
