package leat.launcher.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.contract.FieldPath;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import leat.stream.inspect.EventFilter;
import leat.stream.inspect.LogEvent;
import leat.stream.inspect.Tail;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `leat tail NAME`: the newest events, vectors or predictions, or those that come.
@Command(
        name = "tail",
        description =
                "Show the newest events of a contract, vectors of a feature view or predictions of"
                        + " a scoring, or follow those that come.",
        mixinStandardHelpOptions = true)
final class TailCommand implements Runnable {

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "NAME",
            description =
                    "A contract, a feature view, or a scoring; NAME-shadow for predictions of"
                            + " shadows.")
    private String name = "";

    @Option(
            names = "--topic",
            paramLabel = "KIND",
            description =
                    "Of a contract: raw, enriched or dead; default: enriched. Of a scoring:"
                            + " predictions or dead; default: predictions. Of a view: vectors.")
    private Tail.@Nullable Kind kind;

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of the newest. Default: ${DEFAULT-VALUE}.")
    private int count = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Show what comes from now on, or from --since, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = PointInTime.class,
            description = "Leave out what was appended before; a time, or how long ago: 15m.")
    private @Nullable Instant since;

    @Option(names = "--key", paramLabel = "KEY", description = "Only events with this key.")
    private @Nullable String key;

    @Option(
            names = "--where",
            paramLabel = "FIELD=VALUE",
            description = "Only events whose field has this value; may be repeated.")
    private Map<String, String> fields = new LinkedHashMap<>();

    /// One event, for `--json`.
    record Shown(
            String position,
            Instant appended,
            @Nullable String key,
            Map<String, String> headers,
            String value) {}

    @Override
    public void run() {
        Workspace opened = workspace.open();
        StreamChoice choice = new StreamChoice(opened);
        Tail.Kind wantedKind = kind(choice.requireAnyVersion(name));
        Map<FieldPath, String> wanted = new LinkedHashMap<>();
        fields.forEach((path, value) -> wanted.put(FieldPath.parse(path), value));
        Workspace joined = WorkspaceLog.joined(opened, ports.offset());
        Tail.Query query =
                new Tail.Query(
                        choice.requireIn(joined, name).contract(),
                        wantedKind,
                        Optional.ofNullable(since),
                        new EventFilter(Optional.ofNullable(key), wanted));
        Tail tail = new Tail(opened.log(ports.offset()), opened.names());
        if (follow) {
            // Whoever reads a pipe may have enough
            tail.follow(query, this::show, () -> !output.out().checkError());
            return;
        }
        Tail.Found found = tail.last(query, count);
        found.events().forEach(this::show);
        if (!found.complete()) {
            output.err()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "Only the newest %,d records were searched.",
                                    Tail.MAX_SCANNED));
        }
    }

    /// What is wanted, else what there is most of.
    private Tail.Kind kind(StreamChoice.Chosen chosen) {
        List<Tail.Kind> kinds =
                switch (chosen.records()) {
                    case EVENTS -> List.of(Tail.Kind.ENRICHED, Tail.Kind.RAW, Tail.Kind.DEAD);
                    case VECTORS -> List.of(Tail.Kind.VECTORS);
                    case PREDICTIONS -> List.of(Tail.Kind.PREDICTIONS, Tail.Kind.DEAD);
                };
        Tail.Kind wanted = kind;
        if (wanted != null && !kinds.contains(wanted)) {
            throw new UserError(
                    chosen.contract().nameAndMajor() + " has no records of that kind",
                    "write --topic "
                            + kinds.stream()
                                    .map(one -> one.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(" or --topic ")));
        }
        return wanted == null ? kinds.getFirst() : wanted;
    }

    private void show(LogEvent event) {
        if (output.json()) {
            output.printJson(
                    new Shown(
                            event.where(),
                            event.appended(),
                            event.key().orElse(null),
                            event.headers(),
                            event.value().text()));
            return;
        }
        output.println(
                event.appended()
                        + "  "
                        + event.partition()
                        + "@"
                        + event.offset()
                        + "  "
                        + event.key().orElse("-")
                        + "  "
                        + event.value().text());
    }
}
