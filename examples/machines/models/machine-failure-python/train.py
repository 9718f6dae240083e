"""Learns from the rows that leat train has written, and writes the model as ONNX.

What it is given, and where it writes, is in variables: docs/reference/training.md.
"""

import json
import os

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from sklearn.ensemble import GradientBoostingClassifier

rows = pd.read_csv(os.environ["LEAT_DATA"])
inputs = rows[json.loads(os.environ["LEAT_FEATURES"])].to_numpy(np.float32)
model = GradientBoostingClassifier(
    random_state=int(os.environ["LEAT_SEED"]), **json.loads(os.environ["LEAT_PARAMETERS"])
)
model.fit(inputs, rows["_label"])

onnx = to_onnx(model, inputs[:1], options={"zipmap": False})
with open(os.environ["LEAT_MODEL"], "wb") as file:
    file.write(onnx.SerializeToString())
# What scikit-learn itself says of the rows, to which ONNX is held.
np.savetxt(os.environ["LEAT_SCORES"], model.predict_proba(inputs)[:, 1])
print(f"{len(rows)} rows, {rows['_label'].sum()} of them failures")
