package leat.ml.scoring.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import leat.core.scoring.ElementType;
import leat.core.scoring.Port;
import leat.core.scoring.Shape;
import leat.core.scoring.Tensor;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/// Tensors as JSON: name, datatype, shape and the values, flat or nested. Numbers that JSON does
/// not have, NaN and infinite ones, are `null`, which is read as NaN.
final class TensorJson {

    private static final String BINARY_SIZE = "binary_data_size";

    private TensorJson() {}

    /// A tensor and its name.
    record Named(String name, Tensor tensor) {}

    /// Reads one.
    ///
    /// @param binary what follows the JSON; of it the tensor takes its bytes
    /// @throws InferenceMalformed when it is none
    static Named read(JsonNode json, ByteBuffer binary) {
        String name = text(json, "name");
        Tensors.refuseSharedMemory(name, json.path("parameters").propertyNames());
        ElementType type = Tensors.type(name, text(json, "datatype"));
        Shape shape = Tensors.shape(name, dimensions(name, json.path("shape")));
        JsonNode binarySize = json.path("parameters").path(BINARY_SIZE);
        if (!binarySize.isMissingNode()) {
            int size = binarySize.isInt() ? binarySize.intValue() : -1;
            if (size < 0 || size > binary.remaining()) {
                throw new InferenceMalformed(
                        name
                                + ": "
                                + BINARY_SIZE
                                + " is "
                                + binarySize
                                + ", and "
                                + binary.remaining()
                                + " bytes are left behind the JSON");
            }
            ByteBuffer bytes = binary.slice(binary.position(), size);
            binary.position(binary.position() + size);
            return new Named(name, TensorBytes.read(name, type, shape, bytes));
        }
        List<Object> values = new ArrayList<>();
        flatten(name, type, json.path("data"), values);
        return new Named(name, Tensors.of(new Port(name, type, shape), values));
    }

    /// The dimensions, with -1 for one that a model leaves open.
    static List<Long> dimensions(String name, JsonNode json) {
        if (!json.isArray()) {
            throw new InferenceMalformed(name + " has no shape");
        }
        List<Long> dimensions = new ArrayList<>();
        for (JsonNode dimension : json) {
            if (!dimension.isIntegralNumber() || !dimension.canConvertToLong()) {
                throw new InferenceMalformed(name + " has a dimension of " + dimension);
            }
            dimensions.add(dimension.longValue());
        }
        return dimensions;
    }

    private static void flatten(String name, ElementType type, JsonNode json, List<Object> into) {
        switch (json.getNodeType()) {
            case ARRAY -> json.forEach(part -> flatten(name, type, part, into));
            case NUMBER -> into.add(number(name, type, json));
            case BOOLEAN -> into.add(json.booleanValue());
            case STRING -> into.add(json.stringValue());
            case NULL -> {
                if (type != ElementType.FP32 && type != ElementType.FP64) {
                    throw new InferenceMalformed(name + " has a null among its " + type);
                }
                into.add(Double.NaN);
            }
            case MISSING -> throw new InferenceMalformed(name + " has no data");
            case OBJECT, BINARY, POJO ->
                    throw new InferenceMalformed(name + " has an object among its data");
        }
    }

    private static Object number(String name, ElementType type, JsonNode json) {
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return json.longValue();
        }
        double value;
        try {
            value = json.doubleValue();
        } catch (JacksonException _) {
            throw new InferenceMalformed(name + " has a number beyond all datatypes");
        }
        // In JSON nothing means infinity.
        if (Double.isInfinite(value)
                || (type == ElementType.FP32 && Float.isInfinite((float) value))) {
            throw new InferenceMalformed(name + " has a number beyond " + type + ": " + json);
        }
        return value;
    }

    static String text(JsonNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isString()) {
            throw new InferenceMalformed("an input or output has no " + member);
        }
        return value.stringValue();
    }

    /// Writes one as an object.
    ///
    /// @param binary the length of its values behind the JSON; negative to write them here
    static void write(JsonGenerator json, String name, Tensor tensor, int binary) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("datatype", tensor.type().name());
        json.writeArrayPropertyStart("shape");
        tensor.shape().dimensions().forEach(json::writeNumber);
        json.writeEndArray();
        if (binary >= 0) {
            json.writeObjectPropertyStart("parameters");
            json.writeNumberProperty(BINARY_SIZE, binary);
            json.writeEndObject();
        } else {
            json.writeArrayPropertyStart("data");
            for (int i = 0; i < tensor.shape().size(); i++) {
                writeValue(json, tensor, i);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeValue(JsonGenerator json, Tensor tensor, int index) {
        if (tensor instanceof Tensor.Floats floats) {
            float value = floats.values().get(index);
            if (Float.isFinite(value)) {
                json.writeNumber(value);
            } else {
                json.writeNull();
            }
            return;
        }
        switch (tensor.value(index)) {
            case Double real when Double.isFinite(real) -> json.writeNumber(real);
            case Double _ -> json.writeNull();
            case Long whole -> json.writeNumber(whole);
            case Boolean flag -> json.writeBoolean(flag);
            case String text -> json.writeString(text);
            case Object other -> throw new IllegalStateException("no value of tensors: " + other);
        }
    }
}
