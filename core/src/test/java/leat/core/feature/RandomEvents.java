package leat.core.feature;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leat.core.feature.Shape.Series;
import leat.core.feature.Shape.Window;
import org.jspecify.annotations.Nullable;

/// Random events of a shape: in order, late, far too late, at the same time, after long silence,
/// from several partitions.
final class RandomEvents {

    private static final List<String> WORDS =
            List.of(
                    "",
                    "a",
                    "b",
                    "ab",
                    "Zürich",
                    "😀",
                    "\uD83D",
                    "\uDE00x",
                    "c",
                    "0".repeat(32),
                    "0".repeat(33),
                    "ü".repeat(1_000));

    private final Random random;
    private final Shape shape;
    private final long widestMicros;
    private final long stepMicros;
    private final List<Numbers> numbers = new ArrayList<>();
    private final long[] offsets = new long[3];
    private long timeMicros;

    RandomEvents(Random random, Shape shape) {
        this.random = random;
        this.shape = shape;
        this.widestMicros =
                shape.outputs().stream()
                        .filter(Window.class::isInstance)
                        .mapToLong(output -> ((Window) output).windowMicros())
                        .max()
                        .orElse(1000);
        this.stepMicros = 1 + (widestMicros >> random.nextInt(8));
        this.timeMicros = random.nextLong(8_000_000_000_000L) - 4_000_000_000_000L;
        shape.series().forEach(series -> numbers.add(Numbers.of(random)));
    }

    /// NullAway does not find in the record's class file that its values may be null.
    @SuppressWarnings("NullAway")
    Observation next() {
        int partition = random.nextInt(offsets.length);
        offsets[partition] += 1 + random.nextInt(3);
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < shape.series().size(); i++) {
            values.add(value(shape.series().get(i), numbers.get(i)));
        }
        return new Observation("e", time(), partition, offsets[partition], values);
    }

    private long time() {
        return switch (random.nextInt(20)) {
            case 0, 1 -> timeMicros;
            case 2, 3 -> timeMicros - random.nextLong(stepMicros);
            case 4 -> timeMicros - random.nextLong(2 * widestMicros);
            case 5 -> {
                timeMicros += random.nextInt(10) == 0 ? random.nextLong(3 * widestMicros) : 1;
                yield timeMicros;
            }
            default -> {
                timeMicros += random.nextLong(stepMicros);
                yield timeMicros;
            }
        };
    }

    private @Nullable Object value(Series series, Numbers next) {
        if (random.nextInt(8) == 0) {
            return series.kind() == Shape.ValueKind.NUMBER && random.nextInt(10) == 0
                    ? Double.NaN
                    : null;
        }
        return switch (series.kind()) {
            case NUMBER -> next.next();
            case INTEGER -> random.nextInt(4) == 0 ? random.nextLong() : random.nextInt(9) - 4L;
            case TIMESTAMP -> timeMicros + random.nextInt(5);
            case TEXT -> WORDS.get(random.nextInt(WORDS.size()));
            case BOOLEAN -> random.nextBoolean();
        };
    }
}
