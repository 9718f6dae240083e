package leat.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import leat.launcher.config.LeatConfig;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.access.AccessSettings;
import leat.stream.tls.TlsSettings;
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
            checkSyslog(config.collector());
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

    /// A sender of syslog can show a certificate and nothing else.
    private static void checkSyslog(CollectorSettings collector) {
        boolean encrypted = collector.tls().isPresent() && !collector.syslog().plain();
        boolean asksForCertificates =
                encrypted && collector.tls().flatMap(TlsSettings::clientAuthorities).isPresent();
        boolean asksForKeys = collector.access().asksForKeys();
        if (encrypted && asksForKeys && !asksForCertificates) {
            throw new UserError(
                    "the syslog door speaks TLS, and nobody could come in: collector.access.mode is"
                            + " keys, and a sender of syslog can only show a certificate",
                    "set collector.tls.client-authorities to those that sign certificates of"
                            + " senders, or collector.syslog.plain: true for senders of this"
                            + " machine, who are asked for nothing then");
        }
        if (!asksForKeys || !asksForCertificates) {
            refuse(
                    "collector.syslog.host",
                    collector.syslog().host(),
                    "let in who shows a certificate: set collector.access.mode: keys and"
                            + " collector.tls with client-authorities, leave"
                            + " collector.syslog.plain out, and make keys with leat keys create"
                            + " NAME --certificate-subject SUBJECT --contract "
                            + collector.syslog().contract().orElse("'*'"));
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
