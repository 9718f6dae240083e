package leat.bench.mqtt;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/// The main class of a process of simulated cars. Its first line of standard input is its
/// [CarsOrder]; `connect` lets its cars connect, a [PublishWindow] publish, `end` say goodbye. When
/// the input ends, so does it: it never outlives who started it. Standard output gets a
/// [CarsReport] a line.
public final class CarSimulator {

    static final String CONNECT = "connect";
    static final String END = "end";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private CarSimulator() {}

    /// Runs until the input ends.
    ///
    /// @param args none
    public static void main(String[] args) throws IOException {
        BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String first = commands.readLine();
        if (first == null || args.length > 0) {
            System.err.println("leat bench mqtt starts this program and tells it what to do");
            System.exit(2);
            return;
        }
        SimulatedCars cars =
                new SimulatedCars(JSON.readValue(first, CarsOrder.class), CarSimulator::print);
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            switch (line) {
                case CONNECT -> cars.connect();
                case END -> {
                    cars.disconnect();
                    cars.close();
                }
                default -> cars.publish(PublishWindow.parse(line));
            }
        }
        System.exit(0);
    }

    private static void print(CarsReport report) {
        System.out.println(JSON.writeValueAsString(report));
    }
}
