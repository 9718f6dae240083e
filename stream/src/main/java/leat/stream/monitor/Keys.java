package leat.stream.monitor;

import java.nio.charset.StandardCharsets;

/// The keys of the monitor's records.
final class Keys {

    private Keys() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// `ride.v1:volume`: an alert's id, and what a result is of.
    static String of(String contract, String rule) {
        return contract + ":" + rule;
    }
}
