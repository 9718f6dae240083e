"""Trains on the log, and registers the model where the scorer finds it."""

import json

import joblib
import mlflow
import numpy as np
from skl2onnx import to_onnx
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import f1_score, precision_score, recall_score

from vectors import FEATURES, VECTORS, training_rows

rows, ranges = training_rows()
inputs = rows[FEATURES].to_numpy(np.float32)
labels = rows["failure"].to_numpy()
split = int(len(rows) * 0.7)  # by time: what comes later is not known when one trains

with mlflow.start_run() as run:
    mlflow.log_params({"topic": VECTORS, "range": json.dumps(ranges), "rows": len(rows)})
    model = GradientBoostingClassifier(n_estimators=150, max_depth=4, random_state=7)
    model.fit(inputs[:split], labels[:split])
    found = model.predict(inputs[split:])
    scores = {
        "f1": f1_score(labels[split:], found),
        "precision": precision_score(labels[split:], found),
        "recall": recall_score(labels[split:], found),
    }
    mlflow.log_metrics(scores)
    onnx = to_onnx(model, inputs[:1], options={"zipmap": False})
    mlflow.onnx.log_model(onnx, name="model", registered_model_name="machine-failure")
    joblib.dump(model, "model.joblib")  # for compare.py; the scorer has no use for it
    mlflow.log_artifact("model.joblib")

client = mlflow.MlflowClient()
version = client.search_model_versions(f"run_id = '{run.info.run_id}'")[0].version
client.set_registered_model_alias("machine-failure", "champion", version)
print(f"machine-failure/{version} of {len(rows)} rows:", scores)
