package leat.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Events of milling machines as in AI4I 2020 (S. Matzka, UCI repository): the published ones where
/// `-Dleat.ai4i=FILE` names them, separated by tabs, else such as its rules make. The columns that
/// say why a machine failed are left out.
final class MillingMachines {

    static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: machine
            version: 1.0.0
            status: active
            schema:
              - name: machine
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: product, logicalType: string, required: true}
                  - {name: quality, logicalType: string}
                  - {name: air, logicalType: number}
                  - {name: process, logicalType: number}
                  - {name: speed, logicalType: number}
                  - {name: torque, logicalType: number}
                  - {name: wear, logicalType: number}
                  - {name: machine_failure, logicalType: integer}
            customProperties:
              - {property: leat.key, value: product}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 3}
            """;

    static final String VIEW =
            """
            entity: product
            source: machine
            features:
              - {name: low, expression: event.quality == 'L'}
              - {name: high, expression: event.quality == 'H'}
              - {name: air, expression: event.air}
              - {name: process, expression: event.process}
              - {name: speed, expression: event.speed}
              - {name: torque, expression: event.torque}
              - {name: wear, expression: event.wear}
              - {name: power, expression: event.torque * event.speed * 0.10471975511965977}
              - {name: difference, expression: event.process - event.air}
              - {name: strain, expression: event.wear * event.torque}
            """;

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String PUBLISHED = System.getProperty("leat.ai4i", "");
    private static final int MADE = 4_000;

    private MillingMachines() {}

    static List<String> events() throws IOException {
        return PUBLISHED.isEmpty() ? made() : published(Path.of(PUBLISHED));
    }

    private static List<String> published(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        List<String> events = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String[] cells = lines.get(i).split("\t", -1);
            events.add(
                    event(
                            i,
                            cells[1],
                            cells[2],
                            String.join(",", List.of(cells).subList(3, 8)),
                            cells[8]));
        }
        return events;
    }

    /// Temperatures walk, torque falls with speed, tools wear and are changed; failures are of
    /// heat, power and strain, and 0.1 % by chance.
    private static List<String> made() {
        Random random = new Random(7);
        List<String> events = new ArrayList<>();
        double air = 300;
        double wear = 0;
        for (int i = 1; i <= MADE; i++) {
            double draw = random.nextDouble();
            int quality = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
            air += 0.0098 * (300 - air) + 0.25 * random.nextGaussian();
            double process = air + 10 + random.nextGaussian();
            double torque = Math.max(4, 40 + 10 * random.nextGaussian());
            double speed = Math.max(1170, 2250 - 18 * torque + 60 * random.nextGaussian());
            wear = wear > 240 ? 0 : wear + 2 + random.nextInt(4);
            double power = torque * speed * 2 * Math.PI / 60;
            boolean failed =
                    (process - air < 8.6 && speed < 1380)
                            || power < 3_500
                            || power > 9_000
                            || wear * torque > 11_000 + 1_000 * quality
                            || random.nextInt(1_000) == 0;
            events.add(
                    event(
                            i,
                            "P" + i,
                            "LMH".substring(quality, quality + 1),
                            air + "," + process + "," + speed + "," + torque + "," + wear,
                            failed ? "1" : "0"));
        }
        return events;
    }

    /// @param readings air, process, speed, torque and wear, with commas between
    static String event(
            int number, String product, String quality, String readings, String failed) {
        String[] cells = readings.split(",", -1);
        return """
        {"time":"%s","product":"%s","quality":"%s","air":%s,"process":%s,"speed":%s,\
        "torque":%s,"wear":%s,"machine_failure":%s}\
        """
                .formatted(
                        START.plusSeconds(60L * number),
                        product,
                        quality,
                        cells[0],
                        cells[1],
                        cells[2],
                        cells[3],
                        cells[4],
                        failed);
    }
}
