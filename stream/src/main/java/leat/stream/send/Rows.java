package leat.stream.send;

import java.util.ArrayList;
import java.util.List;

/// Rows on their way to one contract, with what makes their ids: the same rows sent again have the
/// same ids. The contract's id fields go first where it has some.
public sealed interface Rows {

    /// The rows' JSON.
    List<byte[]> json();

    /// Some of them.
    Rows part(int from, int to);

    /// Rows that always stand at the same place: row `i` has the id `key/(first + i)`. They may be
    /// no JSON at all; each without line breaks.
    ///
    /// @param first the index of the first row behind the key
    record Counted(List<byte[]> json, String key, long first) implements Rows {
        public Counted {
            json = List.copyOf(json);
        }

        @Override
        public Rows part(int from, int to) {
            return new Counted(json.subList(from, to), key, first + from);
        }
    }

    /// Rows that have ids of their own, each a JSON value that is whole.
    ///
    /// @param source where they come from: it is part of their identity
    record Named(List<byte[]> json, List<String> ids, String source) implements Rows {

        public Named {
            json = List.copyOf(json);
            ids = List.copyOf(ids);
            if (json.size() != ids.size()) {
                throw new IllegalArgumentException("each row has one id");
            }
        }

        @Override
        public Rows part(int from, int to) {
            return new Named(json.subList(from, to), ids.subList(from, to), source);
        }
    }

    /// Parts of so many rows and bytes at most; a row that is larger alone.
    default List<Rows> parts(int maxRows, long maxBytes) {
        List<Rows> parts = new ArrayList<>();
        int from = 0;
        long bytes = 0;
        for (int at = 0; at < json().size(); at++) {
            long size = json().get(at).length + 1L;
            if (at > from && (at - from == maxRows || bytes + size > maxBytes)) {
                parts.add(part(from, at));
                from = at;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < json().size()) {
            parts.add(part(from, json().size()));
        }
        return parts;
    }
}
