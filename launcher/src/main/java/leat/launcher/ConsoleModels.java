package leat.launcher;

import leat.console.inference.InferenceSettings;
import leat.console.mlflow.MlflowApi;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.scoring.Inference;

/// What the console has of models: experiments, registry and artifacts to read and write, and the
/// registered models to ask.
record ConsoleModels(MlflowApi.Parts mlflow, Inference inference) {

    /// Opens what ends with the process.
    static ConsoleModels open(
            ProcessModels models,
            FeatureQueries features,
            InferenceSettings settings,
            RunningParts parts) {
        return new ConsoleModels(
                new MlflowApi.Parts(
                        models.tracking(), models.registry(), models.files(), models.objects()),
                parts.add(new Inference(models.models(), features, settings.limits())));
    }
}
