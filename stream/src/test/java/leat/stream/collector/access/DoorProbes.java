package leat.stream.collector.access;

import java.util.stream.Stream;
import leat.stream.collector.grpc.GrpcDoorProbe;
import leat.stream.collector.http.HttpDoorProbe;
import leat.stream.collector.mqtt.MqttDoorProbe;
import leat.stream.collector.syslog.SyslogDoorProbe;

/// All doors that there are.
final class DoorProbes {

    private DoorProbes() {}

    static Stream<DoorProbe> all() {
        return Stream.of(
                new HttpDoorProbe(),
                new GrpcDoorProbe(),
                new MqttDoorProbe(),
                new SyslogDoorProbe());
    }
}
