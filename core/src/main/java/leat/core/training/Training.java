package leat.core.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.event.Hash128;
import leat.core.model.Retention;

/// The part `training` of a file `models/NAME.yaml`, read and found to fit its view and its label's
/// contract: how a version of a registered model is made of the log.
///
/// @param name the file's
/// @param model the registered model that versions are made of
/// @param data what is learned from
/// @param checks what the data are to be like
/// @param split what is held back
/// @param algorithm what learns
/// @param baseline what is trained beside it, to be better than
/// @param threshold from which score on a row is an alarm; as the algorithm has it when empty
/// @param slices the features by which the metrics are told apart
/// @param gates what a version has to be like
/// @param alias what is set on a version that has passed; nothing when empty
/// @param seed the same data and seed give the same bytes
/// @param triggers what has it trained by itself
/// @param retention which versions of the model stay after each training; all when empty
/// @param definition all keys that say what is learned, in one order, whatever the file's
public record Training(
        ContractName name,
        String description,
        Optional<String> owner,
        List<String> tags,
        String model,
        TrainingData data,
        Checks checks,
        Split split,
        AlgorithmChoice algorithm,
        Optional<AlgorithmChoice> baseline,
        Optional<Threshold> threshold,
        List<String> slices,
        List<Gate> gates,
        Optional<String> alias,
        long seed,
        Triggers triggers,
        Optional<Retention> retention,
        String definition,
        Path file) {

    public Training {
        tags = List.copyOf(tags);
        slices = List.copyOf(slices);
        gates = List.copyOf(gates);
    }

    /// The folder in which a program that learns is started, and which is the model's own; empty
    /// where there is none.
    public Optional<Path> folder() {
        return command().map(TrainingCommand::folder);
    }

    /// A program that learns, be it the baseline; where both are programs, they have one folder.
    public Optional<TrainingCommand> command() {
        return command(algorithm, baseline);
    }

    static Optional<TrainingCommand> command(
            AlgorithmChoice algorithm, Optional<AlgorithmChoice> baseline) {
        return algorithm.command().or(() -> baseline.flatMap(AlgorithmChoice::command));
    }

    /// Differs from that of another definition.
    public String fingerprint() {
        return Hash128.of(definition).toString();
    }
}
