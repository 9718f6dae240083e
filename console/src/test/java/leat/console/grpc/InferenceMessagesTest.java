package leat.console.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import leat.core.scoring.ElementType;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import leat.inference.v2.InferParameter;
import leat.inference.v2.InferTensorContents;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelInferRequest.InferInputTensor;
import leat.inference.v2.ModelInferRequest.InferRequestedOutputTensor;
import leat.inference.v2.ModelInferResponse;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.ml.scoring.protocol.InferenceRequest;
import leat.ml.scoring.protocol.InferenceResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InferenceMessagesTest {

    private static final List<Tensor> OF_EACH_TYPE =
            List.of(
                    new Tensor.Floats(
                            Shape.of(3),
                            FloatBuffer.wrap(
                                    new float[] {0.1f, Float.NaN, Float.NEGATIVE_INFINITY})),
                    new Tensor.Doubles(
                            Shape.of(1, 2), DoubleBuffer.wrap(new double[] {0.1, Double.NaN})),
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

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tensorsOfEveryTypeComeBackAsTheyWere(boolean raw) {
        List<InferenceResponse.Output> outputs =
                OF_EACH_TYPE.stream()
                        .map(tensor ->
                                new InferenceResponse.Output(tensor.type().toString(), tensor, raw))
                        .toList();

        ModelInferResponse answer =
                InferenceMessages.response(new InferenceResponse("risk", "3", "r1", outputs));
        InferenceRequest back = InferenceMessages.request(asked(answer));

        assertThat(answer.getModelName()).isEqualTo("risk");
        assertThat(answer.getModelVersion()).isEqualTo("3");
        assertThat(answer.getId()).isEqualTo("r1");
        assertThat(answer.getRawOutputContentsCount()).isEqualTo(raw ? OF_EACH_TYPE.size() : 0);
        assertThat(answer.getOutputsList()).noneMatch(output -> raw && output.hasContents());
        assertThat(back.binary()).isEqualTo(raw);
        assertThat(back.inputs().values()).containsExactlyInAnyOrderElementsOf(OF_EACH_TYPE);
    }

    /// The tensors of an answer, asked.
    private static ModelInferRequest asked(ModelInferResponse answer) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder();
        answer.getOutputsList()
                .forEach(output -> {
                    InferInputTensor.Builder input =
                            request.addInputsBuilder()
                                    .setName(output.getName())
                                    .setDatatype(output.getDatatype())
                                    .addAllShape(output.getShapeList());
                    if (output.hasContents()) {
                        input.setContents(output.getContents());
                    }
                });
        return request.addAllRawInputContents(answer.getRawOutputContentsList()).build();
    }

    private static ModelInferRequest.Builder floats(float... values) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (float value : values) {
            contents.addFp32Contents(value);
        }
        return ModelInferRequest.newBuilder().addInputs(input().setContents(contents));
    }

    private static InferInputTensor.Builder input() {
        return InferInputTensor.newBuilder().setName("X").setDatatype("FP32").addShape(1);
    }

    private static InferRequestedOutputTensor.Builder output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name);
    }

    private static final InferParameter TEXT =
            InferParameter.newBuilder().setStringParam("a").build();

    @Test
    void outputsComeAsTheInputsDoAndUnknownParametersAreNotMinded() {
        InferenceRequest typed =
                InferenceMessages.request(
                        floats(1)
                                .setId("7")
                                .putParameters("priority", TEXT)
                                .addOutputs(output("y").putParameters("classification", TEXT))
                                .build());
        InferenceRequest raw =
                InferenceMessages.request(
                        ModelInferRequest.newBuilder()
                                .addInputs(input())
                                .addRawInputContents(ByteString.copyFrom(new byte[4]))
                                .addOutputs(output("y"))
                                .build());

        assertThat(typed.id()).isEqualTo("7");
        assertThat(typed.outputs()).containsExactly(new InferenceRequest.Wanted("y", false));
        assertThat(raw.outputs()).containsExactly(new InferenceRequest.Wanted("y", true));
    }

    @Test
    void whatIsNotOfTheProtocolIsRefusedWithItsPlace() {
        ByteString four = ByteString.copyFrom(new byte[4]);
        assertRefused(floats(1).addInputs(input()), "X: 0 values for a shape of [1]");
        assertRefused(floats(1).addInputs(floats(2).getInputs(0)), "X is there twice");
        assertRefused(floats(1, 2), "X: 2 values for a shape of [1]");
        assertRefused(with(input().clearName()), "an input has no name");
        assertRefused(
                with(input().setDatatype("FP16")),
                "X is of datatype FP16, which is not served; there are [");
        assertRefused(with(input().setShape(0, -1)), "X: there is no tensor of shape [?]");
        assertRefused(
                with(
                        input().setDatatype("UINT8")
                                .setContents(InferTensorContents.newBuilder().addUintContents(-1))),
                "input X takes UINT8, and is given 4294967295");
        assertRefused(
                floats(1).addRawInputContents(four).addRawInputContents(four),
                "there are 2 raw_input_contents for 1 inputs");
        assertRefused(
                floats(1).addRawInputContents(four),
                "X has contents, and there are raw_input_contents; send one");
        assertRefused(
                with(input()).addRawInputContents(four.substring(1)),
                "X: 3 bytes for FP32 of shape [1]");
        assertRefused(
                with(input().putParameters("shared_memory_region", TEXT)),
                "X has the parameter shared_memory_region, and shared memory is not served");
        assertRefused(
                floats(1).addOutputs(output("y").putParameters("shared_memory_offset", TEXT)),
                "y has the parameter shared_memory_offset, and shared memory is not served");
    }

    private static ModelInferRequest.Builder with(InferInputTensor.Builder input) {
        return ModelInferRequest.newBuilder().addInputs(input);
    }

    private static void assertRefused(ModelInferRequest.Builder request, String reason) {
        assertThatThrownBy(() -> InferenceMessages.request(request.build()))
                .isInstanceOf(InferenceMalformed.class)
                .hasMessageStartingWith(reason);
    }
}
