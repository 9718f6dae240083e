package leat.stream.collector.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

final class JsonSlicesTest {

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final int DOCUMENTS_A_SEED = 20_000;

    @Test
    void cutsAnArrayIntoItsElementsByteForByte() throws JsonSlices.Broken {
        // Given
        String array = " [ {\"a\" : \"],}\\\"\"} ,[1, 2],\t\"x\" , -1.5e3,null ] \n";

        // When
        List<String> pieces = elements(array.getBytes(UTF_8));

        // Then
        assertThat(pieces)
                .containsExactly("{\"a\" : \"],}\\\"\"}", "[1, 2]", "\"x\"", "-1.5e3", "null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[1",
                "[1,",
                "[1,]",
                "[,]",
                "[1,,2]",
                "[1]]",
                "[1] x",
                "[{]",
                "[{]}]",
                "[\"a]",
                "{}",
                "[\"\\\"]"
            })
    void refusesWhatIsNoArray(String text) {
        assertThatThrownBy(() -> elements(text.getBytes(UTF_8)))
                .isInstanceOf(JsonSlices.Broken.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithATreeOnWhatIsAnArrayAndOnItsElements(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < DOCUMENTS_A_SEED; i++) {
            // Given
            byte[] document = mutated(array(random), random);

            // When
            List<JsonNode> pieces = parsedPieces(document);
            List<JsonNode> tree = parsedWhole(document);

            // Then
            assertThat(pieces)
                    .as("seed %d document %d: %s", seed, i, new String(document, UTF_8))
                    .isEqualTo(tree);
        }
    }

    private static List<String> elements(byte[] bytes) throws JsonSlices.Broken {
        List<String> pieces = new ArrayList<>();
        JsonSlices.array(
                bytes,
                0,
                bytes.length,
                (from, to) -> pieces.add(new String(bytes, from, to - from, UTF_8)));
        return pieces;
    }

    /// The elements as parsed one by one; a single missing node where one of them is not JSON.
    private static List<JsonNode> parsedPieces(byte[] document) {
        List<JsonNode> nodes = new ArrayList<>();
        try {
            JsonSlices.array(
                    document,
                    0,
                    document.length,
                    (from, to) -> nodes.add(JSON.readTree(Arrays.copyOfRange(document, from, to))));
            return nodes;
        } catch (JsonSlices.Broken | JacksonException _) {
            return List.of(JSON.missingNode());
        }
    }

    private static List<JsonNode> parsedWhole(byte[] document) {
        try {
            JsonNode whole = JSON.readTree(document);
            if (whole.isArray()) {
                List<JsonNode> nodes = new ArrayList<>();
                whole.forEach(nodes::add);
                return nodes;
            }
        } catch (JacksonException _) {
            // Not JSON.
        }
        return List.of(JSON.missingNode());
    }

    private static String array(Random random) {
        StringBuilder text = new StringBuilder("[");
        int elements = random.nextInt(5);
        for (int i = 0; i < elements; i++) {
            text.append(i == 0 ? "" : ",");
            value(text, random, 3);
        }
        return text.append(']').toString();
    }

    private static void value(StringBuilder text, Random random, int depth) {
        space(text, random);
        switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> text.append(random.nextInt(2000) - 1000);
            case 1 -> text.append(random.nextDouble());
            case 2 -> text.append(List.of("true", "false", "null").get(random.nextInt(3)));
            case 3 -> string(text, random);
            case 4 -> {
                text.append('[');
                for (int i = random.nextInt(3); i > 0; i--) {
                    value(text, random, depth - 1);
                    text.append(i == 1 ? "" : ",");
                }
                text.append(']');
            }
            default -> {
                text.append('{');
                for (int i = random.nextInt(3); i > 0; i--) {
                    string(text, random);
                    text.append(':');
                    value(text, random, depth - 1);
                    text.append(i == 1 ? "" : ",");
                }
                text.append('}');
            }
        }
        space(text, random);
    }

    private static void string(StringBuilder text, Random random) {
        List<String> parts =
                List.of("a", "é", "𝄞", "\\\"", "\\\\", "\\u00e9", "]", "}", ",", "[", "{", " ");
        text.append('"');
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        text.append('"');
    }

    private static void space(StringBuilder text, Random random) {
        if (random.nextInt(4) == 0) {
            text.append(" \t\n\r".charAt(random.nextInt(4)));
        }
    }

    /// Half of the documents are left whole; the others lose, gain or change a byte or two.
    private static byte[] mutated(String document, Random random) {
        byte[] bytes = document.getBytes(UTF_8);
        String alphabet = "[]{},:\"\\ 1atn";
        for (int i = random.nextBoolean() ? 0 : 1 + random.nextInt(2); i > 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                case 1 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> {
                    byte[] longer = new byte[bytes.length + 1];
                    System.arraycopy(bytes, 0, longer, 0, at);
                    longer[at] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
                    System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
