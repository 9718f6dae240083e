"""Holds the scorer's predictions against what the model says of the same vectors in Python.

    compare.py VERSION
"""

import sys

import joblib
import mlflow
import numpy as np
import pandas as pd

from vectors import FEATURES, records, training_rows

PREDICTIONS = ["machines.predictions.machine-failure.v1",
               "machines.predictions.machine-failure-shadow.v1"]
ALLOWED = 1e-5  # scikit-learn computes in doubles, ONNX in floats

number = sys.argv[1]
run_id = mlflow.MlflowClient().get_model_version("machine-failure", number).run_id
model = joblib.load(mlflow.artifacts.download_artifacts(f"runs:/{run_id}/model.joblib"))

predictions = pd.DataFrame(
    {"position": headers["leat_origin"], "probability": value["probability"]}
    for topic in PREDICTIONS
    for headers, value in records(topic)
    if value["model_version"] == f"machine-failure/{number}"
)
if predictions.empty:
    sys.exit(f"machine-failure/{number} has predicted nothing yet")
rows = training_rows()[0].merge(predictions, on="position", validate="one_to_one")
here = model.predict_proba(rows[FEATURES].to_numpy(np.float32))[:, 1]
difference = np.abs(here - rows["probability"]).max()
print(f"{len(rows)} predictions of machine-failure/{number}, largest difference {difference:.1e}")
sys.exit(0 if len(rows) == len(predictions) and difference <= ALLOWED else "they differ")
