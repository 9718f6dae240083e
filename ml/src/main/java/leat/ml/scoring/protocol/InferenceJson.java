package leat.ml.scoring.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests and answers of the protocol, read and written.
public final class InferenceJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PARAMETERS = "parameters";
    private static final String OUTPUTS = "outputs";

    private InferenceJson() {}

    /// Reads a request.
    ///
    /// @throws InferenceMalformed when it is none
    public static InferenceRequest request(InferenceBody body) {
        JsonNode json = object(body);
        ByteBuffer binary = body.binary();
        Map<String, Tensor> inputs = tensors(json, "inputs", binary);
        boolean allBinary = json.path(PARAMETERS).path("binary_data_output").asBoolean(false);
        List<InferenceRequest.Wanted> outputs = new ArrayList<>();
        for (JsonNode output : json.path(OUTPUTS)) {
            String name = TensorJson.text(output, "name");
            JsonNode parameters = output.path(PARAMETERS);
            Tensors.refuseSharedMemory(name, parameters.propertyNames());
            outputs.add(
                    new InferenceRequest.Wanted(
                            name, parameters.path("binary_data").asBoolean(allBinary)));
        }
        return new InferenceRequest(json.path("id").asString(""), inputs, outputs, allBinary);
    }

    /// Reads an answer.
    ///
    /// @throws InferenceMalformed when it is none
    public static InferenceResponse response(InferenceBody body) {
        JsonNode json = object(body);
        List<InferenceResponse.Output> outputs = new ArrayList<>();
        tensors(json, OUTPUTS, body.binary())
                .forEach((name, tensor) ->
                        outputs.add(new InferenceResponse.Output(name, tensor, false)));
        return new InferenceResponse(
                json.path("model_name").asString(""),
                json.path("model_version").asString(""),
                json.path("id").asString(""),
                outputs);
    }

    private static Map<String, Tensor> tensors(JsonNode json, String member, ByteBuffer binary) {
        JsonNode list = json.path(member);
        if (!list.isArray()) {
            throw new InferenceMalformed("there is no list of " + member);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (JsonNode one : list) {
            TensorJson.Named named = TensorJson.read(one, binary);
            if (tensors.put(named.name(), named.tensor()) != null) {
                throw new InferenceMalformed(named.name() + " is there twice");
            }
        }
        if (binary.hasRemaining()) {
            throw new InferenceMalformed(
                    binary.remaining() + " bytes behind the JSON belong to no tensor");
        }
        return tensors;
    }

    private static JsonNode object(InferenceBody body) {
        ByteBuffer bytes = body.json();
        try {
            JsonNode json = JSON.readTree(bytes.array(), bytes.arrayOffset(), bytes.remaining());
            if (json.isObject()) {
                return json;
            }
        } catch (JacksonException e) {
            throw InferenceMalformed.noJson(e);
        }
        throw new InferenceMalformed("the body is no JSON object");
    }

    /// Writes a request whose tensors stand in the JSON.
    public static InferenceBody write(InferenceRequest request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (!request.id().isEmpty()) {
                json.writeStringProperty("id", request.id());
            }
            json.writeArrayPropertyStart("inputs");
            request.inputs().forEach((name, tensor) -> TensorJson.write(json, name, tensor, -1));
            json.writeEndArray();
            if (!request.outputs().isEmpty()) {
                json.writeArrayPropertyStart(OUTPUTS);
                for (InferenceRequest.Wanted wanted : request.outputs()) {
                    json.writeStartObject();
                    json.writeStringProperty("name", wanted.name());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return InferenceBody.json(out.toByteArray());
    }

    /// Writes an answer, with tensors behind the JSON where they are wanted there.
    public static InferenceBody write(InferenceResponse response) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<byte[]> behind = new ArrayList<>();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", response.model());
            json.writeStringProperty("model_version", response.version());
            if (!response.id().isEmpty()) {
                json.writeStringProperty("id", response.id());
            }
            json.writeArrayPropertyStart(OUTPUTS);
            for (InferenceResponse.Output output : response.outputs()) {
                int length = -1;
                if (output.binary()) {
                    byte[] bytes = TensorBytes.write(output.tensor());
                    behind.add(bytes);
                    length = bytes.length;
                }
                TensorJson.write(json, output.name(), output.tensor(), length);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        int jsonLength = out.size();
        behind.forEach(out::writeBytes);
        return InferenceBody.of(out.toByteArray(), jsonLength);
    }

    /// Reads what a server says of a model's inputs and outputs.
    ///
    /// @throws InferenceMalformed when it is none
    public static Signature metadata(InferenceBody body) {
        JsonNode json = object(body);
        return new Signature(ports(json, "inputs"), ports(json, OUTPUTS));
    }

    private static List<Port> ports(JsonNode json, String member) {
        List<Port> ports = new ArrayList<>();
        for (JsonNode one : json.path(member)) {
            String name = TensorJson.text(one, "name");
            ports.add(
                    new Port(
                            name,
                            Tensors.type(name, TensorJson.text(one, "datatype")),
                            open(name, TensorJson.dimensions(name, one.path("shape")))));
        }
        return ports;
    }

    private static Shape open(String name, List<Long> dimensions) {
        try {
            return new Shape(dimensions);
        } catch (IllegalArgumentException e) {
            throw new InferenceMalformed(name + ": " + e.getMessage());
        }
    }

    /// What a server says of a model's inputs and outputs.
    public static ObjectNode metadata(
            String model, List<String> versions, String platform, Signature signature) {
        ObjectNode json = JSON.createObjectNode().put("name", model);
        versions.forEach(json.putArray("versions")::add);
        json.put("platform", platform);
        json.set("inputs", ports(signature.inputs()));
        json.set(OUTPUTS, ports(signature.outputs()));
        return json;
    }

    private static JsonNode ports(List<Port> ports) {
        tools.jackson.databind.node.ArrayNode all = JSON.createArrayNode();
        for (Port port : ports) {
            ObjectNode one =
                    all.addObject().put("name", port.name()).put("datatype", port.type().name());
            port.shape().dimensions().forEach(one.putArray("shape")::add);
        }
        return all;
    }
}
