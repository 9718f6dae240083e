package leat.core.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Made streams with known anomalies, of the kinds that operators watch. Each is made from its seed
/// alone. As in real labels, not every labelled anomaly is plain, and odd things happen that nobody
/// labelled.
final class MetricStreams {

    private static final long DAY_MILLIS = 86_400_000L;
    private static final long START_MILLIS = 1_396_310_400_000L;

    /// What a stream is of.
    enum Kind {
        CPU_BUSY,
        REQUESTS,
        DEMAND,
        MACHINE_TEMPERATURE,
        TRAVEL_TIME,
        PLAIN_WAVE,
        DISK_BYTES,
        QUEUE,
        CPU_IDLE,
        MENTIONS,
        PRICE_A_CLICK,
        ROOM_TEMPERATURE,
        SPEED,
        SQUARE_WAVE,
        LATENCY,
        MEMORY
    }

    private final Kind kind;
    private final SplittableRandom random;
    private final int length;
    private final long stepMillis;
    private final double[] values;
    private final List<LabelledStream.Window> windows = new ArrayList<>();
    private final double perDay;

    private MetricStreams(Kind kind, long seed) {
        this.kind = kind;
        this.random = new SplittableRandom(seed * 1_000_003L + kind.name().hashCode());
        this.stepMillis =
                switch (kind) {
                    case DEMAND -> 1_800_000L;
                    case PRICE_A_CLICK, ROOM_TEMPERATURE -> 3_600_000L;
                    default -> 300_000L;
                };
        this.length =
                switch (kind) {
                    case DEMAND -> 8_000 + random.nextInt(3_000);
                    case PRICE_A_CLICK -> 1_600;
                    case ROOM_TEMPERATURE -> 5_000 + random.nextInt(2_500);
                    case TRAVEL_TIME, SPEED -> 1_200 + random.nextInt(1_500);
                    case MACHINE_TEMPERATURE, MENTIONS -> 12_000 + random.nextInt(4_000);
                    default -> 4_032;
                };
        this.values = new double[length];
        this.perDay = DAY_MILLIS / (double) stepMillis;
    }

    /// One stream a kind and seed; about one in eight has no anomaly.
    static LabelledStream of(Kind kind, long seed) {
        return new MetricStreams(kind, seed).made(seed);
    }

    static List<LabelledStream> of(List<Kind> kinds, long firstSeed, int each) {
        List<LabelledStream> streams = new ArrayList<>();
        for (Kind kind : kinds) {
            for (int i = 0; i < each; i++) {
                streams.add(of(kind, firstSeed + i));
            }
        }
        return streams;
    }

    private LabelledStream made(long seed) {
        base();
        oddities();
        int anomalies = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3);
        if (kind == Kind.MENTIONS || kind == Kind.DEMAND) {
            anomalies = anomalies == 0 ? 0 : anomalies + 2;
        }
        anomalies(anomalies);
        bound();
        return new LabelledStream(kind + "-" + seed, times(), values, windows);
    }

    // ---- what is normal

    private void base() {
        double noise = random.nextDouble(0.5, 2);
        double phase = random.nextDouble();
        double weekly = random.nextDouble(0, 0.4);
        double wander = 0;
        double slow = 0;
        boolean batch = random.nextBoolean();
        double burst = 0;
        double level = random.nextDouble(0.5, 2);
        for (int i = 0; i < length; i++) {
            double day = i / perDay + phase;
            double wave =
                    0.5 - 0.5 * Math.cos(2 * Math.PI * day) - 0.2 * Math.cos(4 * Math.PI * day + 1);
            double weekend = Math.floorMod((long) day, 7) >= 5 ? 1 - weekly : 1;
            wander = 0.9 * wander + 0.1 * gaussian();
            slow = 0.9995 * slow + 0.03 * gaussian();
            burst = random.nextInt(60) == 0 ? heavy() : burst * 0.5;
            values[i] =
                    switch (kind) {
                        case CPU_BUSY ->
                                40
                                        + 15 * level * wave * weekend
                                        + 3 * noise * gaussian()
                                        + 5 * wander;
                        case REQUESTS ->
                                poisson(
                                        60
                                                * level
                                                * (0.3 + Math.max(0, wave))
                                                * weekend
                                                * Math.exp(0.3 * noise * gaussian()));
                        case DEMAND ->
                                15_000
                                                * (0.4 + Math.max(-0.2, wave))
                                                * weekend
                                                * (1 + 0.05 * wander * noise)
                                        + 300 * noise * gaussian();
                        case MACHINE_TEMPERATURE ->
                                85 + 6 * slow + 1.2 * noise * gaussian() + 6 * wander;
                        case TRAVEL_TIME ->
                                90
                                        + 60 * level * Math.max(0, wave)
                                        + 25 * noise * Math.abs(gaussian())
                                        + (random.nextInt(40) == 0 ? 120 * heavy() : 0);
                        case PLAIN_WAVE ->
                                50
                                        + 30 * Math.sin(2 * Math.PI * day)
                                        + 2 * (noise - 0.5) * gaussian();
                        case DISK_BYTES ->
                                1e6 * level * Math.exp(noise * gaussian())
                                        + 4e6 * burst
                                        + (batch && i % (int) perDay < 4 ? 6e7 : 0);
                        case QUEUE -> Math.max(0, Math.floor(2 * burst + 0.7 * gaussian()));
                        case CPU_IDLE ->
                                Math.round(100 * (0.1 * level + 0.02 * noise * gaussian())) / 100.0
                                        + (batch && i % (int) (perDay / 4) == 3 ? 1.5 : 0);
                        case MENTIONS ->
                                poisson(
                                        6
                                                        * level
                                                        * (0.4 + Math.max(0, wave))
                                                        * Math.exp(0.5 * noise * gaussian())
                                                + 6 * burst * (batch ? 1 : 0));
                        case PRICE_A_CLICK ->
                                0.1 * level * (1 + 0.3 * wave) * Math.exp(0.2 * noise * gaussian());
                        case ROOM_TEMPERATURE ->
                                70 + 3 * slow + 1.5 * wave + 0.4 * noise * gaussian();
                        case SPEED ->
                                70
                                        - 12 * Math.max(0, wave - 0.4) * level
                                        - 3 * Math.abs(gaussian()) * noise;
                        case SQUARE_WAVE ->
                                (Math.floorMod((long) (day * 24), 24) / 8 == 1 ? 80 : 20)
                                        + (batch ? noise * gaussian() : 0);
                        case LATENCY ->
                                20 * level * Math.exp(0.25 * noise * gaussian()) * (1 + 0.3 * wave)
                                        + 15 * burst;
                        case MEMORY -> 55 + 5 * slow + i % 700 * 0.02 + 0.3 * noise * gaussian();
                    };
        }
    }

    /// Things nobody labelled: single spikes, a lasting small shift, missing points held flat.
    private void oddities() {
        double spread = spread();
        int spikes = random.nextInt(6);
        for (int i = 0; i < spikes; i++) {
            values[random.nextInt(length)] += sign() * spread * random.nextDouble(0.3, 0.9);
        }
        if (random.nextInt(3) == 0) {
            int from = random.nextInt(length / 2, length);
            double by = sign() * spread * random.nextDouble(0.05, 0.15);
            for (int i = from; i < length; i++) {
                values[i] += by;
            }
        }
        if (random.nextInt(3) == 0) {
            int from = random.nextInt(length - 30);
            for (int i = from + 1; i < from + 10; i++) {
                values[i] = values[from];
            }
        }
    }

    // ---- what is not

    private void anomalies(int count) {
        if (count == 0) {
            return;
        }
        int learning = AlarmScoring.learningRows(length);
        int width = Math.max(20, length / 10 / count);
        int room = (length - learning - width) / count;
        double spread = spread();
        for (int i = 0; i < count; i++) {
            int onset = learning + width / 2 + i * room + random.nextInt(Math.max(1, room - width));
            int first = onset - (int) (width * random.nextDouble(0.4, 0.6));
            String anomaly = disturb(onset, width, spread);
            windows.add(
                    new LabelledStream.Window(first, Math.min(length - 1, first + width), anomaly));
        }
    }

    private String disturb(int onset, int width, double spread) {
        double strength = random.nextDouble(0.7, 2);
        int duration = 3 + random.nextInt(Math.max(4, width / 3));
        int end = Math.min(length, onset + duration);
        return switch (random.nextInt(9)) {
            case 0 -> {
                values[onset] += sign() * spread * strength * 1.3;
                yield "spike";
            }
            case 1 -> {
                add(onset, Math.min(length, onset + 3), sign() * spread * strength);
                yield "short burst";
            }
            case 2 -> {
                add(onset, length, sign() * spread * strength * 0.7);
                yield "level shift";
            }
            case 3 -> {
                add(onset, end, sign() * spread * strength * 0.8);
                yield "plateau";
            }
            case 4 -> {
                double by = spread * strength * 1.5;
                for (int i = onset; i < end; i++) {
                    values[i] += by * Math.exp(-4.0 * (i - onset) / duration);
                }
                yield "fading burst";
            }
            case 5 -> {
                for (int i = onset; i < Math.min(length, onset + width / 2); i++) {
                    values[i] = values[onset];
                }
                yield "standstill";
            }
            case 6 -> {
                for (int i = onset; i < Math.min(length, onset + width / 2); i++) {
                    values[i] += spread * 0.4 * strength * gaussian();
                }
                yield "noise";
            }
            case 7 -> {
                int late = (int) (perDay / 3);
                for (int i = Math.min(length, onset + (int) perDay) - 1; i >= onset; i--) {
                    values[i] = values[Math.max(0, i - late)];
                }
                yield "late pattern";
            }
            default -> {
                for (int i = onset; i < Math.min(length, onset + width / 2); i++) {
                    values[i] -= spread * strength * (i - onset) / (width / 2.0);
                }
                yield "slow fall";
            }
        };
    }

    private void add(int from, int to, double by) {
        for (int i = from; i < to; i++) {
            values[i] += by;
        }
    }

    /// From the 2nd to the 98th percentile of what is normal.
    private double spread() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double spread = sorted[(int) (length * 0.98)] - sorted[(int) (length * 0.02)];
        return spread == 0 ? 1 : spread;
    }

    private void bound() {
        for (int i = 0; i < length; i++) {
            values[i] =
                    switch (kind) {
                        case CPU_BUSY, MEMORY -> Math.clamp(values[i], 0, 100);
                        case REQUESTS, MENTIONS, QUEUE -> Math.max(0, Math.rint(values[i]));
                        case SPEED, TRAVEL_TIME -> Math.max(1, Math.rint(values[i]));
                        case DEMAND, DISK_BYTES, CPU_IDLE, PRICE_A_CLICK, LATENCY ->
                                Math.max(0, values[i]);
                        case MACHINE_TEMPERATURE, ROOM_TEMPERATURE, PLAIN_WAVE, SQUARE_WAVE ->
                                values[i];
                    };
        }
    }

    private long[] times() {
        boolean irregular = kind == Kind.TRAVEL_TIME || kind == Kind.SPEED;
        long[] times = new long[length];
        long at = START_MILLIS;
        for (int i = 0; i < length; i++) {
            times[i] = at;
            at +=
                    irregular && random.nextInt(5) == 0
                            ? stepMillis * (1 + random.nextInt(6))
                            : stepMillis;
        }
        return times;
    }

    private double gaussian() {
        return random.nextGaussian();
    }

    private double heavy() {
        return Math.min(20, Math.pow(1 - random.nextDouble(), -0.6));
    }

    private double sign() {
        return random.nextInt(3) == 0 ? -1 : 1;
    }

    private double poisson(double mean) {
        return Math.max(0, Math.rint(mean + Math.sqrt(mean) * gaussian()));
    }
}
