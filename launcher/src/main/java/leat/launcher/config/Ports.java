package leat.launcher.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import leat.launcher.UserError;

/// A port that a role is to open: the configured number plus the offset that moves all of them.
///
/// @param key the configuration key that sets it, for the error message
public record Ports(String key, String host, int configured, int offset) {

    /// The port to open; 0 stays 0, any free port.
    public int number() {
        return configured == 0 ? 0 : configured + offset;
    }

    /// Makes sure that nothing else listens there, before anything is started.
    ///
    /// @throws UserError when the port is taken, naming it and the key that changes it
    public void requireFree() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(host), number()));
        } catch (IOException e) {
            throw new UserError(
                    "port " + number() + " on " + host + " is taken (" + e.getMessage() + ")",
                    "end the program that has it, set "
                            + key
                            + " in leat.yaml, or move all ports with --port-offset 100");
        }
    }
}
