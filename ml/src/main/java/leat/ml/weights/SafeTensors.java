package leat.ml.weights;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The format of <https://github.com/huggingface/safetensors>: the length of a header, the header
/// in JSON, and the bytes of all tensors.
final class SafeTensors {

    private static final String METADATA = "__metadata__";
    private static final String TYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";

    /// The header ends at a multiple of it, as the format's own library has it.
    private static final int ALIGNMENT = 8;

    private SafeTensors() {}

    static SortedMap<String, Weight> read(String fileName, byte[] file) {
        if (file.length < Long.BYTES) {
            throw damaged(fileName, "it has no header");
        }
        long header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (header < 0 || header > file.length - Long.BYTES) {
            throw damaged(fileName, "its header would have " + header + " bytes");
        }
        int data = Long.BYTES + (int) header;
        ByteString bytes = UnsafeByteOperations.unsafeWrap(file, data, file.length - data);
        SortedMap<String, Weight> weights = new TreeMap<>();
        try {
            JsonNode tensors =
                    JsonMapper.shared().readTree(new String(file, Long.BYTES, (int) header, UTF_8));
            for (Map.Entry<String, JsonNode> tensor : tensors.properties()) {
                if (!tensor.getKey().equals(METADATA)) {
                    weights.put(
                            tensor.getKey(),
                            weight(fileName, tensor.getKey(), tensor.getValue(), bytes));
                }
            }
        } catch (JacksonException e) {
            throw damaged(fileName, String.valueOf(e.getMessage()));
        }
        return weights;
    }

    private static Weight weight(String fileName, String name, JsonNode tensor, ByteString bytes) {
        String typeName = tensor.required(TYPE).asString();
        WeightType type =
                WeightType.ofSafeTensors(typeName)
                        .orElseThrow(() ->
                                new WeightsRefused(
                                        name
                                                + " is of the type "
                                                + typeName
                                                + ", which is not taken",
                                        "write it as one of the model's initializers is"));
        List<Long> shape = tensor.required(SHAPE).valueStream().map(JsonNode::asLong).toList();
        long from = tensor.required(OFFSETS).required(0).asLong();
        long to = tensor.required(OFFSETS).required(1).asLong();
        if (from < 0 || to < from || to > bytes.size()) {
            throw damaged(fileName, name + " would be at " + from + " to " + to);
        }
        if (to - from != Weight.sizeBytes(type, shape)) {
            throw damaged(fileName, name + " has " + (to - from) + " bytes for " + type + shape);
        }
        return new Weight(type, shape, bytes.substring((int) from, (int) to));
    }

    private static WeightsRefused damaged(String fileName, String why) {
        return new WeightsRefused(
                fileName + " is no file of " + Weights.SAFE_TENSORS + ": " + why,
                "write it again, with safetensors.numpy.save_file say");
    }

    static byte[] bytes(SortedMap<String, Weight> weights) {
        ObjectNode header = JsonMapper.shared().createObjectNode();
        List<ByteString> parts = new ArrayList<>();
        long at = 0;
        for (Map.Entry<String, Weight> entry : weights.entrySet()) {
            Weight weight = entry.getValue();
            ObjectNode tensor =
                    header.putObject(entry.getKey()).put(TYPE, weight.type().safeTensors());
            ArrayNode shape = tensor.putArray(SHAPE);
            weight.shape().forEach(shape::add);
            tensor.putArray(OFFSETS).add(at).add(at + weight.bytes().size());
            at += weight.bytes().size();
            parts.add(weight.bytes());
        }
        byte[] json = header.toString().getBytes(UTF_8);
        int length = (json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        ByteBuffer file =
                ByteBuffer.allocate(Math.toIntExact(Long.BYTES + length + at))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .put(json)
                        .put(" ".repeat(length - json.length).getBytes(UTF_8));
        parts.forEach(part -> part.copyTo(file));
        return file.array();
    }
}
