package leat.stream.influx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import leat.stream.influx.LinePoint.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LinePointTest {

    private static final String TIME = "\"time\":\"2026-01-03T10:00:00.000000001Z\"";

    private static Line of(String json) {
        return LinePoint.of(json.getBytes(UTF_8));
    }

    private static String line(String json) {
        return of(json) instanceof Line.Point(String text) ? text : "no point: " + of(json);
    }

    @Test
    void aGaugeIsAValue() {
        assertThat(
                        line(
                                "{"
                                        + TIME
                                        + ",\"metric\":\"cpu\",\"value\":3,\"service\":\"shop\","
                                        + "\"host\":\"m1\",\"unit\":\"1\","
                                        + "\"resource\":[{\"key\":\"pid\",\"value\":\"7\"}],"
                                        + "\"attributes\":[{\"key\":\"state\",\"value\":\"idle\"},"
                                        + "{\"key\":\"none\"}]}"))
                .isEqualTo(
                        "cpu,host=m1,pid=7,service=shop,state=idle value=3.0 1767434400000000001");
    }

    @Test
    void aHistogramHasItsBuckets() {
        assertThat(
                        line(
                                "{"
                                        + TIME
                                        + ",\"metric\":\"m\",\"count\":3,\"sum\":1.5,\"min\":0.1,"
                                        + "\"max\":1,\"bounds\":[0.5],\"bucket_counts\":[2,1]}"))
                .isEqualTo(
                        "m sum=1.5,min=0.1,max=1.0,count=3i,bucket_0.5=2i,bucket_inf=1i"
                                + " 1767434400000000001");
    }

    @Test
    void aSummaryHasItsQuantiles() {
        assertThat(
                        line(
                                "{"
                                        + TIME
                                        + ",\"metric\":\"m\",\"count\":3,\"sum\":6,"
                                        + "\"quantiles\":[0.5,0.99],\"quantile_values\":[1,4]}"))
                .startsWith("m sum=6.0,count=3i,quantile_0.5=1.0,quantile_0.99=4.0 ");
    }

    @Test
    void whatTheProtocolKeepsForItselfIsEscaped() {
        assertThat(
                        line(
                                "{"
                                        + TIME
                                        + ",\"metric\":\"a b,c=d\",\"value\":1,\"attributes\":["
                                        + "{\"key\":\"k 1,=\",\"value\":\"v\\n2,=\"},"
                                        + "{\"key\":\"time\",\"value\":\"\\\"x\\\"\"},"
                                        + "{\"key\":\"z\",\"value\":\"c:\\\\\"}]}"))
                .startsWith("a\\ b\\,c=d,k\\ 1\\,\\==v\\ 2\\,\\=,time_=\"x\",z=c:\\\\  value=1.0 ");
    }

    @Test
    void aPointWithoutAValueIsNothingToWrite() {
        assertThat(of("{" + TIME + ",\"metric\":\"m\",\"kind\":\"gauge\"}"))
                .isEqualTo(new Line.Nothing());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "'{' | not JSON",
                "'{\"time\":\"2026-01-03T10:00:00Z\",\"value\":1}' | no metric",
                "'{\"metric\":\"m\",\"value\":1}' | its time",
                "'{\"metric\":\"m\",\"value\":1,\"time\":\"9999-01-03T10:00:00Z\"}' | its time",
                "'{\"metric\":\"#m\",\"value\":1,\"time\":\"2026-01-03T10:00:00Z\"}' | comment",
            })
    void whatCannotBeWrittenSaysWhy(String json, String reason) {
        assertThat(of(json))
                .isInstanceOfSatisfying(
                        Line.Unusable.class,
                        unusable -> assertThat(unusable.reason()).contains(reason));
    }
}
