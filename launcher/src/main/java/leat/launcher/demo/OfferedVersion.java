package leat.launcher.demo;

import java.util.List;
import java.util.Optional;

/// What became of a version that was made in a demo.
///
/// @param training by which it was made
/// @param version `breakdown/2`
/// @param passed whether all gates let it pass
/// @param failedGates what it did not pass, as people read it
/// @param answers the version that answers after all, in the scoring of the model; empty where none
///   does
public record OfferedVersion(
        String training,
        String version,
        boolean passed,
        List<String> failedGates,
        Optional<String> answers) {

    public OfferedVersion {
        failedGates = List.copyOf(failedGates);
    }
}
