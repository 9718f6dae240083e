package leat.stream.collector.access;

import java.util.stream.Stream;
import leat.stream.collector.http.HttpDoorProbe;

/// All doors that there are.
final class DoorProbes {

    private DoorProbes() {}

    static Stream<DoorProbe> all() {
        return Stream.of(new HttpDoorProbe());
    }
}
