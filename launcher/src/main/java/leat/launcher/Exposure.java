package leat.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import leat.launcher.config.LeatConfig;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.access.AccessSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What other machines can reach must ask them who they are: an address beyond loopback without
/// authentication is refused before anything starts.
final class Exposure {

    private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

    private Exposure() {}

    /// Refuses what this process would leave open.
    ///
    /// @throws UserError that names the address and the keys that decide about it
    static void refuseOpenDoors(LeatConfig config, Platform.Options options) {
        if (options.has(Role.COLLECTOR) && !config.collector().access().asksForKeys()) {
            refuseDoor("collector.http.host", config.collector().http().host());
            if (config.collector().grpc().enabled()) {
                refuseDoor("collector.grpc.host", config.collector().grpc().host());
            }
            if (config.collector().mqtt().enabled()) {
                refuseDoor("collector.mqtt.host", config.collector().mqtt().host());
            }
        }
        if (options.has(Role.COLLECTOR) && config.collector().syslog().enabled()) {
            refuse(
                    "collector.syslog.host",
                    config.collector().syslog().host(),
                    "syslog over TCP has no credentials: run a relay, such as rsyslog or syslog-ng,"
                            + " beside the collector that asks others for a certificate");
        }
        if (options.has(Role.COLLECTOR) && config.collector().tls().isEmpty()) {
            warnOfReadableKeys(config);
        }
        boolean shows = options.has(Role.CONSOLE) || options.vitalsPort().isPresent();
        if (shows && config.console().access() == AccessSettings.Mode.OFF) {
            refuse(
                    "console.host",
                    config.console().host(),
                    "make a key with leat keys create NAME --door console and set console.access:"
                            + " keys");
        }
        if (options.has(Role.ENRICHMENT_API) && !config.enrichmentApi().allowAnyone()) {
            String remedy =
                    "accept that, where a private network or a proxy keeps others out, with"
                            + " enrichment-api.allow-anyone: true";
            refuse("enrichment-api.http.host", config.enrichmentApi().http().host(), remedy);
            refuse("enrichment-api.grpc.host", config.enrichmentApi().grpc().host(), remedy);
        }
    }

    /// A proxy on this machine may encrypt for the doors, so this is no error.
    private static void warnOfReadableKeys(LeatConfig config) {
        CollectorSettings doors = config.collector();
        warnOfReadableKeys("collector.http.host", doors.http().host());
        if (doors.grpc().enabled()) {
            warnOfReadableKeys("collector.grpc.host", doors.grpc().host());
        }
        if (doors.mqtt().enabled()) {
            warnOfReadableKeys("collector.mqtt.host", doors.mqtt().host());
        }
    }

    private static void warnOfReadableKeys(String key, String host) {
        if (!isLoopback(host)) {
            LOG.atWarn()
                    .addKeyValue("key", key)
                    .addKeyValue("host", host)
                    .log(
                            "Keys can be read on their way to the collector: set collector.tls, or"
                                    + " let a proxy encrypt");
        }
    }

    /// One of the collector's doors, which all ask for the same keys.
    private static void refuseDoor(String key, String host) {
        refuse(
                key,
                host,
                "make a key with leat keys create NAME --contract '*' and set"
                        + " collector.access.mode: keys");
    }

    private static void refuse(String key, String host, String remedy) {
        if (!isLoopback(host)) {
            throw new UserError(
                    key
                            + " is "
                            + host
                            + ", which other machines can reach, and nobody would be asked who they"
                            + " are",
                    remedy + ", or set " + key + " to 127.0.0.1");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            // Nothing can listen there: the port's own check says so.
            return true;
        }
    }
}
