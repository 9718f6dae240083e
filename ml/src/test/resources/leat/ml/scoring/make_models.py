"""Makes the models of OnnxModelTest again: pip install skl2onnx scikit-learn onnx"""

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

x = np.array([[0, 0], [1, 1], [2, 0], [3, 1]], dtype=np.float32)
linear = LinearRegression().fit(x, 2 * x[:, 0] - 3 * x[:, 1] + 1)
save(to_onnx(linear, x), "linear.onnx")

# With a map of probabilities for each row, as the converter makes it by default.
classes = LogisticRegression().fit(x, ["low", "low", "high", "high"])
save(to_onnx(classes, x, options={"zipmap": True}), "classes.onnx")

# An input for each feature, one of them a text.
table = make_pipeline(
    ColumnTransformer([("make", OneHotEncoder(), [0])], remainder="passthrough"), LinearRegression()
)
rows = np.array([["Saab", 1.0], ["Fiat", 2.0], ["Saab", 3.0], ["Fiat", 4.0]], dtype=object)
table.fit(rows, [10, 2, 30, 4])
types = [("make", StringTensorType([None, 1])), ("km", FloatTensorType([None, 1]))]
save(to_onnx(table, initial_types=types), "inputs.onnx")

# A loop of 2^62 rounds, which nobody waits for.
count = helper.make_tensor("most", TensorProto.INT64, [], [2**62])
true = helper.make_tensor("yes", TensorProto.BOOL, [], [True])
body = helper.make_graph(
    [
        helper.make_node("Identity", ["go"], ["still"]),
        helper.make_node("Sin", ["value"], ["next"]),
    ],
    "body",
    [
        helper.make_tensor_value_info("round", TensorProto.INT64, []),
        helper.make_tensor_value_info("go", TensorProto.BOOL, []),
        helper.make_tensor_value_info("value", TensorProto.FLOAT, [None, 1]),
    ],
    [
        helper.make_tensor_value_info("still", TensorProto.BOOL, []),
        helper.make_tensor_value_info("next", TensorProto.FLOAT, [None, 1]),
    ],
)
endless = helper.make_graph(
    [helper.make_node("Loop", ["most", "yes", "x"], ["y"], body=body)],
    "endless",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 1])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])],
    initializer=[count, true],
)
model = helper.make_model(endless, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
save(model, "endless.onnx")

# Integers, booleans and bytes straight through, and a batch of one alone.
through = helper.make_graph(
    [helper.make_node("Identity", [f"in_{t}"], [f"out_{t}"]) for t in ("long", "flag", "byte")],
    "through",
    [
        helper.make_tensor_value_info("in_long", TensorProto.INT64, [1, 1]),
        helper.make_tensor_value_info("in_flag", TensorProto.BOOL, [1, 1]),
        helper.make_tensor_value_info("in_byte", TensorProto.UINT8, [1, 1]),
    ],
    [
        helper.make_tensor_value_info("out_long", TensorProto.INT64, [1, 1]),
        helper.make_tensor_value_info("out_flag", TensorProto.BOOL, [1, 1]),
        helper.make_tensor_value_info("out_byte", TensorProto.UINT8, [1, 1]),
    ],
)
model = helper.make_model(through, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
save(model, "through.onnx")

# A weighted sum of two features, with its weights in a file of its own, as MLflow writes large ones.
weights = helper.make_tensor("weights", TensorProto.FLOAT, [2, 1], [1, 2])
outside = helper.make_graph(
    [helper.make_node("MatMul", ["X", "weights"], ["variable"])],
    "outside",
    [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 2])],
    [helper.make_tensor_value_info("variable", TensorProto.FLOAT, [None, 1])],
    initializer=[numpy_helper.from_array(numpy_helper.to_array(weights), "weights")],
)
model = helper.make_model(outside, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
save(
    model,
    "outside.onnx",
    save_as_external_data=True,
    location="outside.onnx.data",
    size_threshold=0,
)

# Weights of many types, in the fields of their types; the same with others, as bytes; and the others
# alone, as NumPy writes them.
def weighted(tensors, name):
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["X", "W"], ["product"]),
            helper.make_node("Gather", ["product", "columns"], ["picked"], axis=1),
            helper.make_node("Cast", ["picked"], ["wide"], to=TensorProto.DOUBLE),
            helper.make_node("Mul", ["wide", "scale"], ["scaled"]),
            helper.make_node("Cast", ["half"], ["added"], to=TensorProto.DOUBLE),
            helper.make_node("Add", ["scaled", "added"], ["sum"]),
            helper.make_node("Where", ["mask", "sum", "scale"], ["variable"]),
        ],
        "weighted",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("variable", TensorProto.DOUBLE, [None, 2])],
        initializer=tensors,
    )
    opsets = [helper.make_opsetid("", 17)]
    save(helper.make_model(graph, opset_imports=opsets, ir_version=9), name)


weighted(
    [
        helper.make_tensor("W", TensorProto.FLOAT, [2, 3], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
        helper.make_tensor("columns", TensorProto.INT64, [2], [0, 2]),
        helper.make_tensor("scale", TensorProto.DOUBLE, [2], [1.1, 2.2]),
        helper.make_tensor("half", TensorProto.FLOAT16, [2], [0.5, -1.5]),
        helper.make_tensor("mask", TensorProto.BOOL, [2], [True, True]),
    ],
    "weighted.onnx",
)
others = {
    "W": np.asfortranarray(np.array([[0.7, -0.2, 1 / 3], [4e-3, 5.5, -6]], dtype=np.float32)),
    "columns": np.array([2, -2], dtype=np.int64),
    "scale": np.array([1 / 7, -2.2e-5], dtype=">f8"),
    "half": np.array([0.1, 1000], dtype=np.float16),
    "mask": np.array([True, False]),
}
weighted(
    [
        numpy_helper.from_array(np.array(value, value.dtype.newbyteorder("="), order="C"), name)
        for name, value in others.items()
    ],
    "weighted-others.onnx",
)
np.savez("weighted-others.npz", **others)
