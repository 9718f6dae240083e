package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import leat.launcher.config.Ports;
import leat.launcher.config.Workspace;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.NoSuchContract;
import leat.stream.collector.access.Access;
import leat.stream.collector.grpc.GrpcDoor;
import leat.stream.collector.http.HttpDoor;
import leat.stream.collector.mqtt.MqttDoor;
import leat.stream.collector.mqtt.MqttTopicsUnusable;
import leat.stream.collector.syslog.SyslogDoor;
import leat.stream.collector.tls.DoorTls;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.log.LogConnection;
import leat.stream.spool.SpoolDamaged;
import leat.stream.spool.SpoolUnusable;

/// The collector of a process: one intake, and the doors that the workspace opens to it.
final class CollectorDoors implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private final Optional<DoorTls> tls;

    private CollectorDoors(Optional<DoorTls> tls) {
        this.tls = tls;
    }

    /// Opens everything, or nothing.
    ///
    /// @param access who is let in at all of them
    /// @param tls encrypts all of them, but for a plain syslog door; empty for plain ones
    /// @throws UserError when a port is taken
    static CollectorDoors open(
            Workspace workspace,
            LogConnection log,
            Access access,
            Optional<WatchedTls> tls,
            int portOffset) {
        CollectorDoors doors = new CollectorDoors(tls.map(DoorTls::new));
        try {
            doors.openAll(workspace, log, access, portOffset);
            return doors;
        } catch (RuntimeException | Error e) {
            doors.close();
            throw e;
        }
    }

    private void openAll(Workspace workspace, LogConnection log, Access access, int portOffset) {
        CollectorSettings configured = workspace.config().collector();
        Ports http = workspace.ports(portOffset).collector();
        http.requireFree();
        CollectorSettings settings =
                configured
                        .withHttp(configured.http().withPort(http.number()))
                        .withSpool(configured.spool().resolvedIn(workspace.folder()));
        EventIntake intake = openIntake(workspace, log, access, settings);
        parts.push(intake);
        openHttp(intake, settings);
        if (settings.grpc().enabled()) {
            openGrpc(intake, settings, workspace.ports(portOffset).collectorGrpc());
        }
        if (settings.mqtt().enabled()) {
            openMqtt(workspace, log, intake, workspace.ports(portOffset).mqtt());
        }
        if (settings.syslog().enabled()) {
            openSyslog(intake, settings, workspace.ports(portOffset).syslog());
        }
    }

    private static EventIntake openIntake(
            Workspace workspace, LogConnection log, Access access, CollectorSettings settings) {
        try {
            return EventIntake.open(
                    new EventIntake.Parts(
                            log,
                            workspace.names(),
                            workspace.contracts().all(),
                            access,
                            PrometheusRegistry.defaultRegistry),
                    settings);
        } catch (SpoolUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        } catch (SpoolDamaged e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void openHttp(EventIntake intake, CollectorSettings settings) {
        try {
            HttpDoor door =
                    HttpDoor.open(intake, settings, tls, PrometheusRegistry.defaultRegistry);
            parts.push(door);
            addresses.put(
                    Role.COLLECTOR.word(),
                    (tls.isPresent() ? "https://" : "http://")
                            + settings.http().host()
                            + ":"
                            + door.port());
        } catch (NoSuchContract e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void openGrpc(EventIntake intake, CollectorSettings settings, Ports port) {
        port.requireFree();
        GrpcDoor door =
                GrpcDoor.open(
                        intake,
                        settings.withGrpc(settings.grpc().withPort(port.number())),
                        tls,
                        PrometheusRegistry.defaultRegistry);
        parts.push(door);
        addresses.put(Role.COLLECTOR.word() + "-grpc", settings.grpc().host() + ":" + door.port());
    }

    private void openMqtt(Workspace workspace, LogConnection log, EventIntake intake, Ports port) {
        port.requireFree();
        CollectorSettings settings = workspace.config().collector();
        try {
            MqttDoor door =
                    MqttDoor.open(
                            new MqttDoor.Parts(
                                    intake,
                                    log,
                                    workspace.names().mqttSessions(),
                                    tls,
                                    PrometheusRegistry.defaultRegistry),
                            settings.mqtt().withPort(port.number()),
                            settings.drainTimeout());
            parts.push(door);
            addresses.put(
                    Role.COLLECTOR.word() + "-mqtt",
                    (tls.isPresent() ? "mqtts://" : "mqtt://")
                            + settings.mqtt().host()
                            + ":"
                            + door.port());
        } catch (MqttTopicsUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private void openSyslog(EventIntake intake, CollectorSettings settings, Ports port) {
        port.requireFree();
        Optional<DoorTls> encryption = settings.syslog().plain() ? Optional.empty() : tls;
        try {
            SyslogDoor door =
                    SyslogDoor.open(
                            intake,
                            settings.syslog().withPort(port.number()),
                            encryption,
                            settings.drainTimeout(),
                            PrometheusRegistry.defaultRegistry);
            parts.push(door);
            addresses.put(
                    Role.COLLECTOR.word() + "-syslog",
                    (encryption.isPresent() ? "tls://" : "tcp://")
                            + settings.syslog().host()
                            + ":"
                            + door.port());
        } catch (NoSuchContract e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// Where each door can be reached: `collector` is the HTTP one, others are `collector-mqtt` and
    /// the like.
    Map<String, String> addresses() {
        return Collections.unmodifiableMap(addresses);
    }

    /// Closes the doors, the last first, then the intake.
    @Override
    public void close() {
        Closing.all(parts);
    }
}
