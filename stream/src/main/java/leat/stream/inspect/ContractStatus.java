package leat.stream.inspect;

import java.util.List;

/// How the stages of one contract get on, in the order of an event's way.
///
/// @param contract name and major version
/// @param missingTopics topics that do not exist yet
public record ContractStatus(
        String contract, List<StageStatus> stages, List<String> missingTopics) {
    public ContractStatus {
        stages = List.copyOf(stages);
        missingTopics = List.copyOf(missingTopics);
    }
}
