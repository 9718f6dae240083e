package leat.core.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import leat.core.feature.Shape.Newest;
import leat.core.feature.Shape.Output;
import leat.core.feature.Shape.Series;
import leat.core.feature.Shape.ValueKind;
import leat.core.feature.Shape.Window;

/// Random shapes, with every aggregate that a kind of value allows.
final class Shapes {

    private static final List<Long> HOPS =
            List.of(1L, 1L, 7L, 1_000L, 1_000_000L, 10_000_000L, 3_600_000_000L);

    private Shapes() {}

    static Shape random(Random random) {
        long hop = HOPS.get(random.nextInt(HOPS.size()));
        List<Long> windows = windows(random, hop);
        List<Series> series = new ArrayList<>();
        List<Output> outputs = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            ValueKind kind = kind(random);
            Set<Aggregate> needs = EnumSet.noneOf(Aggregate.class);
            for (Aggregate aggregate : Aggregate.values()) {
                boolean possible = kind == ValueKind.NUMBER || !aggregate.numeric();
                if (possible && !windows.isEmpty() && random.nextInt(3) == 0) {
                    needs.add(aggregate);
                    long window = windows.get(random.nextInt(windows.size()));
                    outputs.add(new Window(i, aggregate, window));
                    outputs.add(new Window(i, aggregate, windows.getFirst()));
                }
            }
            if (needs.isEmpty() || random.nextInt(3) == 0) {
                outputs.add(new Newest(i));
            }
            series.add(new Series(kind, needs, random.nextInt(3) == 0 ? 3 : 1000));
        }
        return new Shape(hop, series, outputs);
    }

    /// None, or up to three of one to thousands of hops.
    private static List<Long> windows(Random random, long hop) {
        List<Long> windows = new ArrayList<>();
        int count = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            int hops = 1 + random.nextInt(1 << random.nextInt(13));
            windows.add(hop * (hop == 1 ? hops * 1000L : hops));
        }
        return windows;
    }

    private static ValueKind kind(Random random) {
        return random.nextBoolean()
                ? ValueKind.NUMBER
                : Arrays.asList(ValueKind.values()).get(random.nextInt(ValueKind.values().length));
    }
}
