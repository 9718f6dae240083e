package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredVectorTest {

    private static final String TIME = "\"query_time\":\"2026-11-21T10:00:00.000001Z\"";

    @Test
    void aVectorIsKeptByteForByteWithItsQueryTime() {
        String json = "{\"entity\":\"a\"," + TIME + ",\"speed\":1.50,\"t\":\"}\\\",\"}";

        StoredVector vector = StoredVector.read(json.getBytes(UTF_8)).orElseThrow();

        assertThat(new String(vector.json(), UTF_8)).isEqualTo(json);
        assertThat(vector.queryMicros()).isEqualTo(1_795_255_200_000_001L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"entity\":\"a\"}",
                "{" + TIME + "}",
                "{\"entity\":null," + TIME + "}",
                "{\"entity\":\"a\",\"query_time\":\"yesterday\"}",
                "{\"entity\":\"a\",\"query_time\":17}",
                "{\"entity\":\"a\",\"query_time\":\"+999999999-01-01T00:00:00Z\"}",
                "{\"entity\":\"a\"," + TIME + ",\"f\":{}}",
                "{\"entity\":\"a\"," + TIME + ",\"f\":[1]}",
                "{\"entity\":\"a\"," + TIME + ",\"f\":1",
                "{\"entity\":\"a\"," + TIME + ",\"f\":NaN}",
                "{\"entity\":\"a\"," + TIME + ",\"f\":\"\\x\"}",
                "{\"entity\":\"a\"," + TIME + "} {}",
            })
    void whatIsNoVectorIsNotTakenForOne(String json) {
        assertThat(StoredVector.read(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void textThatIsNotUtf8IsNotTaken() {
        byte[] json = ("{\"entity\":\"a\"," + TIME + ",\"f\":\"?\"}").getBytes(UTF_8);
        json[json.length - 3] = (byte) 0xC3;

        assertThat(StoredVector.read(json)).isEmpty();
    }
}
