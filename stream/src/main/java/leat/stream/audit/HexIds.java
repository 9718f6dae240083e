package leat.stream.audit;

import java.util.HexFormat;
import java.util.Optional;
import leat.core.event.Hash128;

/// Hashes as they stand in ids: 32 hex digits.
final class HexIds {

    private HexIds() {}

    /// The hash; empty when the text is none.
    static Optional<Hash128> parse(String text) {
        if (!text.matches("[0-9a-f]{32}")) {
            return Optional.empty();
        }
        return Optional.of(
                new Hash128(
                        HexFormat.fromHexDigitsToLong(text, 0, 16),
                        HexFormat.fromHexDigitsToLong(text, 16, 32)));
    }
}
