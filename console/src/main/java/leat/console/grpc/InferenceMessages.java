package leat.console.grpc;

import com.google.protobuf.UnsafeByteOperations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.console.inference.InferenceServer;
import leat.core.scoring.Port;
import leat.core.scoring.Tensor;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelInferRequest.InferInputTensor;
import leat.inference.v2.ModelInferRequest.InferRequestedOutputTensor;
import leat.inference.v2.ModelInferResponse;
import leat.inference.v2.ModelInferResponse.InferOutputTensor;
import leat.inference.v2.ModelMetadataResponse;
import leat.inference.v2.RepositoryIndexResponse;
import leat.ml.scoring.Inference;
import leat.ml.scoring.protocol.InferenceMalformed;
import leat.ml.scoring.protocol.InferenceRequest;
import leat.ml.scoring.protocol.InferenceResponse;
import leat.ml.scoring.protocol.TensorBytes;
import leat.ml.scoring.protocol.Tensors;

/// The messages of the Open Inference Protocol as requests and answers, and back. A request with
/// raw contents wants raw contents.
final class InferenceMessages {

    private InferenceMessages() {}

    /// @throws InferenceMalformed when a tensor is none
    static InferenceRequest request(ModelInferRequest message) {
        boolean raw = message.getRawInputContentsCount() > 0;
        for (InferInputTensor input : message.getInputsList()) {
            Tensors.refuseSharedMemory(input.getName(), input.getParametersMap().keySet());
        }
        if (raw && message.getRawInputContentsCount() != message.getInputsCount()) {
            throw new InferenceMalformed(
                    "there are "
                            + message.getRawInputContentsCount()
                            + " raw_input_contents for "
                            + message.getInputsCount()
                            + " inputs");
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            InferInputTensor input = message.getInputs(i);
            Port port = port(input);
            Tensor tensor =
                    raw ? raw(message, i, port) : TensorContents.read(port, input.getContents());
            if (inputs.put(port.name(), tensor) != null) {
                throw new InferenceMalformed(port.name() + " is there twice");
            }
        }
        return new InferenceRequest(
                message.getId(),
                inputs,
                message.getOutputsList().stream().map(output -> wanted(output, raw)).toList(),
                raw);
    }

    private static Port port(InferInputTensor input) {
        String name = input.getName();
        if (name.isEmpty()) {
            throw new InferenceMalformed("an input has no name");
        }
        return new Port(
                name,
                Tensors.type(name, input.getDatatype()),
                Tensors.shape(name, input.getShapeList()));
    }

    private static Tensor raw(ModelInferRequest message, int index, Port port) {
        if (message.getInputs(index).hasContents()) {
            throw new InferenceMalformed(
                    port.name() + " has contents, and there are raw_input_contents; send one");
        }
        return TensorBytes.read(
                port.name(),
                port.type(),
                port.shape(),
                message.getRawInputContents(index).asReadOnlyByteBuffer());
    }

    private static InferenceRequest.Wanted wanted(InferRequestedOutputTensor output, boolean raw) {
        Tensors.refuseSharedMemory(output.getName(), output.getParametersMap().keySet());
        return new InferenceRequest.Wanted(output.getName(), raw);
    }

    static ModelInferResponse response(InferenceResponse response) {
        ModelInferResponse.Builder message =
                ModelInferResponse.newBuilder()
                        .setModelName(response.model())
                        .setModelVersion(response.version())
                        .setId(response.id());
        for (InferenceResponse.Output output : response.outputs()) {
            InferOutputTensor.Builder tensor =
                    InferOutputTensor.newBuilder()
                            .setName(output.name())
                            .setDatatype(output.tensor().type().name())
                            .addAllShape(output.tensor().shape().dimensions());
            if (output.binary()) {
                message.addRawOutputContents(
                        UnsafeByteOperations.unsafeWrap(TensorBytes.write(output.tensor())));
            } else {
                tensor.setContents(TensorContents.write(output.tensor()));
            }
            message.addOutputs(tensor);
        }
        return message.build();
    }

    static ModelMetadataResponse metadata(String model, Inference.Described described) {
        return ModelMetadataResponse.newBuilder()
                .setName(model)
                .addAllVersions(described.versions())
                .setPlatform(InferenceServer.PLATFORM)
                .addAllInputs(ports(described.signature().inputs()))
                .addAllOutputs(ports(described.signature().outputs()))
                .build();
    }

    private static List<ModelMetadataResponse.TensorMetadata> ports(List<Port> ports) {
        return ports.stream()
                .map(port ->
                        ModelMetadataResponse.TensorMetadata.newBuilder()
                                .setName(port.name())
                                .setDatatype(port.type().name())
                                .addAllShape(port.shape().dimensions())
                                .build())
                .toList();
    }

    static RepositoryIndexResponse.ModelIndex indexed(Inference.Indexed version) {
        return RepositoryIndexResponse.ModelIndex.newBuilder()
                .setName(version.model())
                .setVersion(version.version())
                .setState(version.state())
                .setReason(version.reason())
                .build();
    }
}
