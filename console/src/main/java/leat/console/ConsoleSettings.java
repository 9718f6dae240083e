package leat.console;

import java.util.List;
import java.util.Optional;
import leat.console.grpc.GrpcSettings;
import leat.console.inference.InferenceSettings;
import leat.core.config.Bounds;
import leat.core.config.Setting;
import leat.stream.collector.access.AccessSettings;
import leat.stream.tls.TlsSettings;

/// Where the console listens and who may talk to it.
public record ConsoleSettings(
        @Setting(
                        description =
                                "The address to listen on; `0.0.0.0` lets other machines in, which"
                                        + " `allowed-hosts` must then name",
                        defaultValue = "127.0.0.1")
                String host,
        @Setting(description = "The port to listen on; 0 takes a free one", defaultValue = "8090")
                int port,
        @Setting(
                        description =
                                "Features and models over gRPC, with the host, keys and TLS of the"
                                        + " console")
                GrpcSettings grpc,
        @Setting(description = "Registered models, served under `/v2`") InferenceSettings inference,
        @Setting(
                        description =
                                "Names by which clients may call the console, beside localhost and"
                                        + " the loopback addresses; any other Host or Origin is refused")
                List<String> allowedHosts,
        @Setting(
                        description =
                                "`keys` lets in who shows a key for the door `console` of"
                                        + " `collector.access.keys-file`; `off` lets everybody in,"
                                        + " on loopback addresses only",
                        defaultValue = "off")
                AccessSettings.Mode access,
        @Setting(
                        description =
                                "TLS for the console and for `--vitals-port`; absent means that"
                                        + " what is sent can be read on its way. Clients are known"
                                        + " by keys here, not by certificates")
                Optional<TlsSettings> tls) {

    public static final ConsoleSettings DEFAULT = new ConsoleSettings("127.0.0.1", 8090, List.of());

    /// Lets everybody in.
    public ConsoleSettings(String host, int port, List<String> allowedHosts) {
        this(
                host,
                port,
                GrpcSettings.DEFAULT,
                InferenceSettings.DEFAULT,
                allowedHosts,
                AccessSettings.Mode.OFF,
                Optional.empty());
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when the port is out of range, or clients are to show
    ///   certificates
    public ConsoleSettings {
        allowedHosts = List.copyOf(allowedHosts);
        Bounds.within("port", port, 0, 65_535);
        if (tls.flatMap(TlsSettings::clientAuthorities).isPresent()) {
            throw new IllegalArgumentException(
                    "tls.client-authorities is for the collector; the console knows clients by"
                            + " keys, see console.access");
        }
    }

    /// The same on another port.
    public ConsoleSettings withPort(int other) {
        return new ConsoleSettings(host, other, grpc, inference, allowedHosts, access, tls);
    }
}
