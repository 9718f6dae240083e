package leat.stream.enricher;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import leat.core.event.Names;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;
import org.jspecify.annotations.Nullable;

/// An enricher in a process of its own, to be killed. It ends when its input does.
final class EnricherChild {

    private EnricherChild() {}

    /// Runs `bootstrap prefix instance folder`.
    public static void main(String[] args) throws Exception {
        Names names = new Names(args[1]);
        try (Enricher enricher =
                Enricher.start(
                        new LogConnection(args[0]),
                        new Enricher.Instance(names, args[2], Path.of(args[3])),
                        EnricherSettings.DEFAULT,
                        List.of(flow(names)))) {
            while (System.in.read() >= 0) {
                if (enricher.health() instanceof StageHealth.Stopped) {
                    break;
                }
            }
        }
    }

    /// Events that start with `R` are refused, with `X` they break the code, with `L` they become
    /// larger than Kafka takes; the others get a field.
    static Flow flow(Names names) {
        return new Flow(
                "it",
                "1.0.0",
                names.prefix() + ".raw.it.v1",
                names.prefix() + ".enriched.it.v1",
                names.prefix() + ".dead-enricher.it.v1",
                Duration.ofHours(1),
                EnricherChild::judge);
    }

    private static EventJudge.Verdict judge(
            byte[] value, @Nullable String ceTime, long appendMicros) {
        return switch (value[0]) {
            case 'R' ->
                    new EventJudge.Verdict.Refused(
                            List.of(new Reason(ReasonCode.TYPE, "f", "wrong")));
            case 'X' -> throw new IllegalStateException("a bug");
            case 'L' -> new EventJudge.Verdict.Enriched(new byte[5 << 20], appendMicros);
            default ->
                    new EventJudge.Verdict.Enriched(
                            (new String(value, StandardCharsets.UTF_8)
                                            + Objects.requireNonNullElse(ceTime, "+"))
                                    .getBytes(StandardCharsets.UTF_8),
                            appendMicros);
        };
    }
}
