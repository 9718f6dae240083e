package leat.ml.scoring.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import leat.core.scoring.ElementType;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InferenceJsonTest {

    private static final List<Tensor> OF_EACH_TYPE =
            List.of(
                    new Tensor.Floats(Shape.of(2), FloatBuffer.wrap(new float[] {0.1f, -1e30f})),
                    new Tensor.Doubles(
                            Shape.of(1, 2), DoubleBuffer.wrap(new double[] {0.1, 1e300})),
                    new Tensor.Longs(
                            Shape.of(2, 1),
                            LongBuffer.wrap(new long[] {Long.MIN_VALUE, Long.MAX_VALUE})),
                    new Tensor.Ints(Shape.of(2), IntBuffer.wrap(new int[] {1, Integer.MIN_VALUE})),
                    new Tensor.Shorts(Shape.of(1), ShortBuffer.wrap(new short[] {-7})),
                    new Tensor.Bytes(
                            ElementType.INT8, Shape.of(1), ByteBuffer.wrap(new byte[] {-7})),
                    new Tensor.Bytes(
                            ElementType.UINT8, Shape.of(1), ByteBuffer.wrap(new byte[] {-1})),
                    new Tensor.Bytes(
                            ElementType.BOOL, Shape.of(2), ByteBuffer.wrap(new byte[] {0, 1})),
                    new Tensor.Texts(Shape.of(2), List.of("Zürich", "")));

    private static InferenceBody json(String text) {
        return InferenceBody.json(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tensorsOfEveryTypeComeBackAsTheyWere(boolean binary) {
        List<InferenceResponse.Output> outputs =
                OF_EACH_TYPE.stream()
                        .map(tensor ->
                                new InferenceResponse.Output(
                                        "o" + tensor.type() + tensor.shape(), tensor, binary))
                        .toList();
        InferenceResponse response = new InferenceResponse("risk", "3", "r1", outputs);

        InferenceBody body = InferenceJson.write(response);
        InferenceResponse back =
                InferenceJson.response(
                        InferenceBody.of(
                                body.bytes(), body.jsonLength().orElse(body.bytes().length)));

        assertThat(body.jsonLength().isPresent()).isEqualTo(binary);
        assertThat(back.model()).isEqualTo("risk");
        assertThat(back.version()).isEqualTo("3");
        assertThat(back.id()).isEqualTo("r1");
        assertThat(back.outputs())
                .extracting(InferenceResponse.Output::tensor)
                .containsExactlyElementsOf(OF_EACH_TYPE);
    }

    @Test
    void whatJsonHasNoNumberForIsNull() {
        Tensor odd =
                new Tensor.Floats(
                        Shape.of(2),
                        FloatBuffer.wrap(new float[] {Float.NaN, Float.NEGATIVE_INFINITY}));

        InferenceBody body =
                InferenceJson.write(
                        new InferenceResponse(
                                "m",
                                "1",
                                "",
                                List.of(new InferenceResponse.Output("y", odd, false))));

        assertThat(new String(body.bytes(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"model_name\":\"m\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"y\","
                                + "\"datatype\":\"FP32\",\"shape\":[2],\"data\":[null,null]}]}");
    }

    @Test
    void dataMayBeNestedAndOutputsMayBeChosen() {
        InferenceRequest request =
                InferenceJson.request(
                        json(
                                """
                                {"id": "7", "inputs": [{"name": "X", "datatype": "FP32", "shape": [2, 2],
                                  "data": [[1, 2.5], [true, null]]}],
                                 "outputs": [{"name": "a", "parameters": {"classification": 3}}, {"name": "b", "parameters": {"binary_data": false}}],
                                 "parameters": {"priority": 1, "binary_data_output": true}}
                                """));

        assertThat(request.id()).isEqualTo("7");
        assertThat(request.inputs().get("X"))
                .isEqualTo(
                        new Tensor.Floats(
                                Shape.of(2, 2),
                                FloatBuffer.wrap(new float[] {1, 2.5f, 1, Float.NaN})));
        assertThat(request.outputs())
                .containsExactly(
                        new InferenceRequest.Wanted("a", true),
                        new InferenceRequest.Wanted("b", false));
    }

    @Test
    void aRequestThatIsWrittenIsReadAsItWas() {
        InferenceRequest request =
                new InferenceRequest(
                        "9",
                        java.util.Map.of("X", OF_EACH_TYPE.getFirst()),
                        List.of(new InferenceRequest.Wanted("y", false)),
                        false);

        InferenceBody body = InferenceJson.write(request);

        assertThat(body.jsonLength()).isEqualTo(OptionalInt.empty());
        assertThat(InferenceJson.request(body)).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    []                                                     | the body is no JSON object
                    {"inputs":[{"name":"X","parameters":{"shared_memory_region":"a"}}]} | X has the parameter shared_memory_region, and shared memory is not served
                    {"inputs":[],"outputs":[{"name":"y","parameters":{"shared_memory_byte_size":4}}]} | y has the parameter shared_memory_byte_size, and shared memory is not served
                    {                                                      | the body is no JSON
                    {}                                                     | there is no list of inputs
                    {"inputs":[{}]}                                        | an input or output has no name
                    {"inputs":[{"name":"X"}]}                              | an input or output has no datatype
                    {"inputs":[{"name":"X","datatype":"FP16"}]}            | X is of datatype FP16, which is not served
                    {"inputs":[{"name":"X","datatype":"FP32"}]}            | X has no shape
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[1.5]}]} | X has a dimension of 1.5
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[-1],"data":[]}]} | X: there is no tensor of shape [?]
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[-2],"data":[]}]} | X: a tensor has no dimension of -2
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[3000000000,3000000000,9],"data":[]}]} | X: there is no tensor of shape
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[1]}]} | X has no data
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[1],"data":[1,2]}]} | X: 2 values for a shape of [1]
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[1],"data":["a"]}]} | input X takes FP32, and is given a
                    {"inputs":[{"name":"X","datatype":"FP32","shape":[1],"data":[1e60]}]} | X has a number beyond FP32: 1.0E60
                    {"inputs":[{"name":"X","datatype":"FP64","shape":[1],"data":[-1e400]}]} | X has a number beyond
                    {"inputs":[{"name":"X","datatype":"INT8","shape":[1],"data":[200]}]} | input X takes INT8, and is given 200
                    {"inputs":[{"name":"X","datatype":"INT8","shape":[1],"data":[null]}]} | X has a null among its INT8
                    {"inputs":[{"name":"X","datatype":"INT8","shape":[1],"data":[{}]}]} | X has an object among its data
                    {"inputs":[{"name":"X","datatype":"INT8","shape":[1],"parameters":{"binary_data_size":1}}]} | X: binary_data_size is 1, and 0 bytes are left behind the JSON
                    """)
    void whatIsNotOfTheProtocolIsRefusedWithItsPlace(String body, String reason) {
        assertThatThrownBy(() -> InferenceJson.request(json(body)))
                .isInstanceOf(InferenceMalformed.class)
                .hasMessageStartingWith(reason);
    }

    @Test
    void ofABodyThatBreaksOffIsToldWhatIsMissing() {
        assertThatThrownBy(() -> InferenceJson.request(json("{\"inputs\":[{")))
                .hasMessageStartingWith("the body is no JSON: ")
                .hasMessageContaining("end-of-input")
                .hasMessageNotContaining("Source");
    }

    @Test
    void binaryThatDoesNotFitIsRefused() {
        String header =
                "{\"inputs\":[{\"name\":\"X\",\"datatype\":\"%s\",\"shape\":[1],"
                        + "\"parameters\":{\"binary_data_size\":%d}}]}";

        assertThatThrownBy(() -> InferenceJson.request(behind(header.formatted("FP32", 3), 3)))
                .hasMessage("X: 3 bytes for FP32 of shape [1]");
        assertThatThrownBy(() -> InferenceJson.request(behind(header.formatted("FP32", 4), 5)))
                .hasMessage("1 bytes behind the JSON belong to no tensor");
        assertThatThrownBy(() -> InferenceJson.request(behind(header.formatted("BYTES", 3), 3)))
                .hasMessage("X: 0 texts where the shape has 1");
        assertThatThrownBy(() -> InferenceBody.of(new byte[2], 3))
                .hasMessage("Inference-Header-Content-Length is 3, and the body has 2");
    }

    private static InferenceBody behind(String json, int zeros) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return InferenceBody.of(
                java.util.Arrays.copyOf(header, header.length + zeros), header.length);
    }
}
