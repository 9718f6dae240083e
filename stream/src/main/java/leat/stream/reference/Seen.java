package leat.stream.reference;

import java.util.Optional;
import leat.core.event.Position;

/// The state of reference data, or of a view's newest vectors, that a look-up saw: the `latest`
/// topic up to a position. Whoever reads the partition up to there finds the same answer, as long
/// as compaction has left it.
///
/// @param contract name and major version, `car-registry.v1`; of a view its name and version
/// @param partition the key's; of a view that of the entity's vector
/// @param position everything of the partition below this offset was seen
/// @param row the raw position of the key's newest event; empty where the key was never written
public record Seen(String contract, int partition, long position, Optional<Position> row) {

    /// `car-registry.v1/2@17`, as `leat_lookups` has it.
    @Override
    public String toString() {
        return contract + "/" + partition + "@" + position;
    }
}
