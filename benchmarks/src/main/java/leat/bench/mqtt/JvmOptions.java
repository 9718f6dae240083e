package leat.bench.mqtt;

import java.util.ArrayList;
import java.util.List;

/// How the JVMs of a fleet are set: as small as their connections allow, since there are many of
/// them on few processors.
final class JvmOptions {

    private static final int COLLECTOR_BASE_MIB = 88;
    private static final int COLLECTOR_BYTES_A_CONNECTION = 3 << 10;
    private static final int SIMULATOR_BASE_MIB = 128;
    private static final int SIMULATOR_BYTES_A_CONNECTION = 12 << 10;

    private JvmOptions() {}

    /// For a collector that holds so many connections.
    static List<String> collector(int connections) {
        List<String> options = common();
        options.add(
                "-Xmx" + mebibytes(COLLECTOR_BASE_MIB, COLLECTOR_BYTES_A_CONNECTION, connections));
        options.add("-Xmn12m");
        options.add("-XX:+UseCompactObjectHeaders");
        options.add("-XX:MaxDirectMemorySize=64m");
        options.add("-Dio.netty.allocator.numDirectArenas=1");
        options.add("-Dio.netty.allocator.numHeapArenas=0");
        return options;
    }

    /// For a process of so many simulated cars.
    static List<String> simulator(int cars) {
        List<String> options = common();
        options.add("-Xmx" + mebibytes(SIMULATOR_BASE_MIB, SIMULATOR_BYTES_A_CONNECTION, cars));
        options.add("-XX:MaxDirectMemorySize=128m");
        return options;
    }

    private static List<String> common() {
        return new ArrayList<>(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:TieredStopAtLevel=1",
                        "-Xss512k",
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr",
                        "-Dfile.encoding=UTF-8",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED"));
    }

    private static String mebibytes(int base, int bytesEach, int count) {
        return base + (((long) bytesEach * count) >> 20) + "m";
    }
}
