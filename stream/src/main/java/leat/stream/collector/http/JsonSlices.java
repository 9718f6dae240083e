package leat.stream.collector.http;

/// Finds the pieces of a JSON array or object in its bytes, without building anything.
///
/// Only strings and brackets are understood, which is what it takes to know where a piece ends.
/// What stands inside a piece is judged by whoever parses it: the whole is JSON if and only if the
/// structure is found here and every piece is JSON.
final class JsonSlices {

    private final byte[] bytes;
    private final int end;
    private int at;

    private JsonSlices(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /// Takes one piece: `bytes` from `from` to before `to`, without the white space around it.
    @FunctionalInterface
    interface Elements {
        /// Takes the next piece.
        ///
        /// @return whether to go on
        boolean element(int from, int to);
    }

    /// Takes one member of an object; the name's range includes its quotes.
    @FunctionalInterface
    interface Members {
        void member(int nameFrom, int nameTo, int from, int to);
    }

    /// The structure is broken.
    static final class Broken extends Exception {
        Broken(String what, int at) {
            super(what + " at byte " + at, null, false, false);
        }
    }

    /// Gives the elements of the array that fills `bytes` from `from` to `to`.
    static void array(byte[] bytes, int from, int to, Elements elements) throws Broken {
        JsonSlices slices = new JsonSlices(bytes, from, to);
        slices.expect('[');
        slices.skipSpace();
        if (slices.peek() == ']') {
            slices.at++;
        } else {
            int next;
            do {
                slices.skipSpace();
                int start = slices.at;
                int stop = slices.skipValue();
                next = slices.separator(']');
                if (!elements.element(start, stop)) {
                    return;
                }
            } while (next == ',');
        }
        slices.expectEnd();
    }

    /// Gives the members of the object that fills `bytes` from `from` to `to`.
    static void object(byte[] bytes, int from, int to, Members members) throws Broken {
        JsonSlices slices = new JsonSlices(bytes, from, to);
        slices.expect('{');
        slices.skipSpace();
        if (slices.peek() == '}') {
            slices.at++;
        } else {
            int next;
            do {
                slices.skipSpace();
                int nameFrom = slices.at;
                if (slices.peek() != '"') {
                    throw new Broken("a name in quotes is missing", slices.at);
                }
                slices.skipString();
                int nameTo = slices.at;
                slices.expect(':');
                slices.skipSpace();
                int valueFrom = slices.at;
                int valueTo = slices.skipValue();
                next = slices.separator('}');
                members.member(nameFrom, nameTo, valueFrom, valueTo);
            } while (next == ',');
        }
        slices.expectEnd();
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private void expect(char wanted) throws Broken {
        skipSpace();
        if (peek() != wanted) {
            throw new Broken("'" + wanted + "' is missing", at);
        }
        at++;
    }

    private void expectEnd() throws Broken {
        skipSpace();
        if (at < end) {
            throw new Broken("something follows the end", at);
        }
    }

    private int separator(char close) throws Broken {
        int found = peek();
        if (found != ',' && found != close) {
            throw new Broken("',' or '" + close + "' is missing", at);
        }
        at++;
        return found;
    }

    /// The byte here, or -1 at the end.
    private int peek() {
        return at < end ? bytes[at] : -1;
    }

    private void skipSpace() {
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
    }

    /// Moves to the separator behind the value, and returns where the value ends.
    private int skipValue() throws Broken {
        int start = at;
        int depth = 0;
        // Which of the open brackets are braces, the innermost in the lowest bit. Deeper than 64
        // the outer ones are forgotten; no contract allows events as deep as that.
        long braces = 0;
        int stop = at;
        while (at < end) {
            byte b = bytes[at];
            switch (b) {
                case '"' -> {
                    skipString();
                    stop = at;
                    continue;
                }
                case '{', '[' -> {
                    depth++;
                    braces = braces << 1 | (b == '{' ? 1 : 0);
                }
                case '}', ']' -> {
                    if (depth == 0) {
                        return ended(start, stop);
                    }
                    if (depth <= Long.SIZE && (braces & 1) != (b == '}' ? 1 : 0)) {
                        throw new Broken("brackets do not match", at);
                    }
                    depth--;
                    braces >>>= 1;
                }
                case ',' -> {
                    if (depth == 0) {
                        return ended(start, stop);
                    }
                }
                default -> {
                    if (isSpace(b)) {
                        at++;
                        continue;
                    }
                }
            }
            at++;
            stop = at;
        }
        throw new Broken("the end is missing", at);
    }

    private int ended(int start, int stop) throws Broken {
        if (stop == start) {
            throw new Broken("a value is missing", at);
        }
        return stop;
    }

    /// Moves from a quote to behind the quote that closes the string.
    private void skipString() throws Broken {
        int i = at + 1;
        while (i < end) {
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return;
            }
            i += b == '\\' ? 2 : 1;
        }
        throw new Broken("a closing quote is missing", at);
    }
}
