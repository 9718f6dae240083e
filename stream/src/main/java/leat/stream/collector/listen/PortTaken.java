package leat.stream.collector.listen;

/// The port of a door cannot be listened on.
public final class PortTaken extends RuntimeException {

    /// @param door its name in the configuration, as `http` in `collector.http.port`
    public PortTaken(String door, String host, int port, Throwable cause) {
        super(
                "the collector cannot listen on "
                        + host
                        + ":"
                        + port
                        + " ("
                        + cause.getMessage()
                        + "); free the port, or set collector."
                        + door
                        + ".port",
                cause);
    }
}
