package leat.stream.inspect;

import java.util.List;
import java.util.Optional;

/// How the stages of one contract get on, in the order of an event's way.
///
/// @param contract name and major version
/// @param eventTime empty where the enricher has timed no event yet
/// @param missingTopics topics that do not exist yet
public record ContractStatus(
        String contract,
        List<StageStatus> stages,
        Optional<EventTimeStatus> eventTime,
        List<String> missingTopics) {
    public ContractStatus {
        stages = List.copyOf(stages);
        missingTopics = List.copyOf(missingTopics);
    }
}
