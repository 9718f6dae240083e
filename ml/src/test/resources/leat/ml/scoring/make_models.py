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
