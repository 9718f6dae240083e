package leat.core.yaml;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.yaml.YamlNode.Entry;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one YAML 1.2 document. What Leat reads is written by hand and short, so a file may have 4
/// MiB and nest 64 deep; aliases (`*name`) are refused, since they let a small file mean a huge
/// one.
public final class YamlReader {

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_DEPTH = 64;

    private final Path file;
    private final Problems problems;
    private final Iterator<Event> events;

    private YamlReader(Path file, String text, Problems problems) {
        this.file = file;
        this.problems = problems;
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file.toString())
                        .setUseMarks(true)
                        .setParseComments(false)
                        .setCodePointLimit(MAX_BYTES)
                        .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /// The files of a folder whose names end so, by their names; none where it is not there.
    public static List<Path> files(Path folder, String suffix) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the files of " + folder, e);
        }
    }

    /// Reads a file; empty when it has no usable root, and then at least one problem was added.
    ///
    /// A key that stands twice is a problem too, but the rest is still returned, so that the caller
    /// can find what else is wrong.
    public static Optional<YamlNode> read(Path file, Problems problems) {
        return text(file, problems).flatMap(text -> read(file, text, problems));
    }

    /// Reads `text` as if it stood in `file`.
    public static Optional<YamlNode> read(Path file, String text, Problems problems) {
        try {
            return new YamlReader(file, text, problems).document();
        } catch (TooMuch e) {
            problems.add(e.location, "", e.getMessage(), e.remedy);
        } catch (MarkedYamlEngineException e) {
            Location location =
                    e.getProblemMark()
                            .or(e::getContextMark)
                            .map(mark -> location(file, mark))
                            .orElse(Location.startOf(file));
            String remedy = BracketedText.at(text, location).map(BracketedText::remedy).orElse("");
            problems.add(location, "", "not valid YAML: " + oneLine(e.getProblem()), remedy);
        } catch (YamlEngineException e) {
            problems.add(
                    Location.startOf(file),
                    "",
                    "not valid YAML: " + oneLine(String.valueOf(e.getMessage())),
                    "");
        }
        return Optional.empty();
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private static Optional<String> text(Path file, Problems problems) {
        Location start = Location.startOf(file);
        try {
            if (Files.size(file) > MAX_BYTES) {
                problems.add(start, "", "the file is larger than 4 MiB", "split it");
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (NoSuchFileException e) {
            problems.add(start, "", "there is no such file", "create it or correct the path");
        } catch (CharacterCodingException e) {
            problems.add(start, "", "the file is not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            problems.add(start, "", "cannot be read: " + e.getMessage(), "");
        }
        return Optional.empty();
    }

    private Optional<YamlNode> document() {
        events.next(); // stream start
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) {
            problems.add(Location.startOf(file), "", "the file is empty", "");
            return Optional.empty();
        }
        YamlNode root = node(events.next(), "", 0);
        events.next(); // document end
        Event next = events.next();
        if (next instanceof DocumentStartEvent) {
            throw new TooMuch(
                    location(next), "the file holds more than one document", "remove the '---'");
        }
        return Optional.of(root);
    }

    private YamlNode node(Event event, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw new TooMuch(
                    location(event), "nested deeper than " + MAX_DEPTH, "make it flatter");
        }
        return switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case SequenceStart -> sequence(event, path, depth);
            case MappingStart -> mapping(event, path, depth);
            case Alias ->
                    throw new TooMuch(
                            location(event),
                            "the alias *" + ((AliasEvent) event).getAlias() + " is not supported",
                            "write the value again");
            case Comment,
                    DocumentEnd,
                    DocumentStart,
                    MappingEnd,
                    SequenceEnd,
                    StreamEnd,
                    StreamStart ->
                    throw new IllegalStateException("unexpected YAML event " + event);
        };
    }

    private Scalar scalar(ScalarEvent event) {
        return new Scalar(
                event.getValue(), event.getScalarStyle() == ScalarStyle.PLAIN, location(event));
    }

    private Sequence sequence(Event start, String path, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event next = events.next();
                next.getEventId() != Event.ID.SequenceEnd;
                next = events.next()) {
            items.add(node(next, path + "[" + items.size() + "]", depth + 1));
        }
        return new Sequence(items, location(start));
    }

    private Mapping mapping(Event start, String path, int depth) {
        Map<String, Location> seen = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Event next = events.next();
                next.getEventId() != Event.ID.MappingEnd;
                next = events.next()) {
            if (!(node(next, path, depth + 1) instanceof Scalar key)) {
                throw new TooMuch(location(next), "a key must be a single word", "");
            }
            String keyPath = path.isEmpty() ? key.text() : path + "." + key.text();
            YamlNode value = node(events.next(), keyPath, depth + 1);
            Location earlier = seen.putIfAbsent(key.text(), key.location());
            if (earlier == null) {
                entries.add(new Entry(key, value));
            } else {
                problems.add(
                        key.location(),
                        keyPath,
                        "stands twice, first in line " + earlier.line(),
                        "remove one of the two");
            }
        }
        return new Mapping(entries, location(start));
    }

    private Location location(Event event) {
        return event.getStartMark()
                .map(mark -> location(file, mark))
                .orElse(Location.startOf(file));
    }

    private static Location location(Path file, Mark mark) {
        return new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /// Ends the reading at what cannot be read around.
    private static final class TooMuch extends RuntimeException {
        private final transient Location location;
        private final String remedy;

        TooMuch(Location location, String message, String remedy) {
            super(message, null, false, false);
            this.location = location;
            this.remedy = remedy;
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
