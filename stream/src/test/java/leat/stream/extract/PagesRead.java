package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.stream.send.Rows;

/// Reads a source as an extraction does, and keeps what was delivered.
final class PagesRead {

    private Map<String, String> position = Map.of();
    private final List<String> rows = new ArrayList<>();
    private final List<String> ids = new ArrayList<>();

    /// Reads until there is nothing more.
    PagesRead read(Source source) throws SourceFailed {
        boolean more = true;
        while (more) {
            more = step(source, true);
        }
        return this;
    }

    /// Reads one page.
    ///
    /// @param advance whether its position is kept; not, where a kill comes before it
    /// @return whether there is more
    boolean step(Source source, boolean advance) throws SourceFailed {
        Source.Page page = source.read(position);
        Rows delivered = page.rows();
        if (delivered != null) {
            delivered.json().forEach(row -> rows.add(new String(row, UTF_8)));
            ids.addAll(ids(delivered));
        }
        if (advance) {
            position = page.next();
        }
        return page.more();
    }

    private static List<String> ids(Rows rows) {
        return switch (rows) {
            case Rows.Named named -> named.ids();
            case Rows.Counted counted -> {
                List<String> made = new ArrayList<>();
                for (int i = 0; i < counted.json().size(); i++) {
                    made.add(counted.key() + "/" + (counted.first() + i));
                }
                yield made;
            }
        };
    }

    Map<String, String> position() {
        return position;
    }

    List<String> rows() {
        return rows;
    }

    List<String> ids() {
        return ids;
    }

    /// The rows as the platform has them behind its search for duplicates.
    List<String> once() {
        Map<String, String> byId = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            byId.putIfAbsent(ids.get(i), rows.get(i));
        }
        return List.copyOf(byId.values());
    }
}
