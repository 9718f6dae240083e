package leat.ml.training.algorithm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Milling machines as in AI4I 2020 (S. Matzka, UCI repository): readings, and whether the machine
/// failed. Features are what is known before it fails: readings, and three figures made of them.
final class Machines {

    private static final List<String> FEATURES =
            List.of(
                    "quality",
                    "air",
                    "process",
                    "speed",
                    "torque",
                    "wear",
                    "power",
                    "difference",
                    "strain");

    private Machines() {}

    /// The published file, whose columns are separated by tabs, in its order.
    static Rows read(Path file) throws IOException {
        return rows(lines(file));
    }

    /// Of the published file's last three tenths all but the failures that come by chance: tools
    /// that break at a drawn time, and failures without a cause. What the causes are is known after
    /// a failure only, and no feature.
    static Rows foreseeableRest(Path file) throws IOException {
        List<String[]> lines = lines(file);
        return rows(
                lines.subList(lines.size() * 7 / 10, lines.size()).stream()
                        .filter(cells ->
                                cells[8].equals("0")
                                        || cells[10].equals("1")
                                        || cells[11].equals("1")
                                        || cells[12].equals("1"))
                        .toList());
    }

    private static List<String[]> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().skip(1).map(line -> line.split("\t", -1)).toList();
    }

    private static Rows rows(List<String[]> lines) {
        Rows.Builder rows = Rows.labelled(FEATURES);
        for (String[] cells : lines) {
            List<Double> readings = new ArrayList<>();
            readings.add((double) "LMH".indexOf(cells[2]));
            for (int i = 3; i < 8; i++) {
                readings.add(Double.parseDouble(cells[i]));
            }
            rows.add(features(readings), Float.parseFloat(cells[8]));
        }
        return rows.build();
    }

    /// Made by the rules that are published with the file: temperatures walk, torque falls with
    /// speed, tools wear and are changed; failures are of heat, power and strain, and 0.1 % by
    /// chance.
    static Rows made(int count, long seed) {
        Random random = new Random(seed);
        Rows.Builder rows = Rows.labelled(FEATURES);
        double air = 300;
        double wear = 0;
        for (int i = 0; i < count; i++) {
            double draw = random.nextDouble();
            int quality = draw < 0.6 ? 0 : draw < 0.9 ? 1 : 2;
            air += 0.98 * (300 - air) * 0.01 + 0.25 * random.nextGaussian();
            double process = air + 10 + random.nextGaussian();
            double torque = Math.max(4, 40 + 10 * random.nextGaussian());
            double speed = Math.max(1170, 2250 - 18 * torque + 60 * random.nextGaussian());
            wear = wear > 240 ? 0 : wear + 2 + random.nextInt(4);
            float[] row = features(List.of((double) quality, air, process, speed, torque, wear));
            boolean failed =
                    (row[7] < 8.6 && speed < 1380)
                            || row[6] < 3_500
                            || row[6] > 9_000
                            || row[8] > 11_000 + 1_000 * quality
                            || random.nextInt(1_000) == 0;
            rows.add(row, failed ? 1 : 0);
        }
        return rows.build();
    }

    /// @param readings quality, air, process, speed, torque and wear
    private static float[] features(List<Double> readings) {
        float[] row = new float[FEATURES.size()];
        for (int i = 0; i < readings.size(); i++) {
            row[i] = readings.get(i).floatValue();
        }
        row[6] = (float) (readings.get(4) * readings.get(3) * 2 * Math.PI / 60);
        row[7] = (float) (readings.get(2) - readings.get(1));
        row[8] = (float) (readings.get(5) * readings.get(4));
        return row;
    }

    /// The harmonic mean of precision and recall when scores above 0.5 tell a failure.
    static double f1(float[] scores, Rows rows) {
        int right = 0;
        int told = 0;
        int failed = 0;
        for (int i = 0; i < scores.length; i++) {
            boolean tells = scores[i] > 0.5;
            boolean is = rows.label(i) == 1;
            right += tells && is ? 1 : 0;
            told += tells ? 1 : 0;
            failed += is ? 1 : 0;
        }
        return 2.0 * right / (told + failed);
    }
}
