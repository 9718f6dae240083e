package leat.stream.monitor;

import java.util.Optional;

/// An alert as it stands, for people.
///
/// @param id `ride.v1:volume`
/// @param status `firing`, `acknowledged` or `resolved`
/// @param firedAt the end of the window that raised it, ISO 8601
/// @param changedAt when the status changed, in append time
/// @param value the number that changed it; empty after a command
public record AlertStanding(
        String id,
        String contract,
        String rule,
        String name,
        String severity,
        String status,
        String demand,
        String firedAt,
        String changedAt,
        Optional<Double> value) {

    /// What no other alert is called, nor the same one when it is raised again.
    public String raised() {
        return id + "@" + firedAt;
    }

    public boolean isResolved() {
        return status.equals("resolved");
    }
}
