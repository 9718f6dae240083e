package leat.core.tracking.search;

/// The name of a field as it is written: what it is of, and its key, both without quotes. A name
/// without a dot is an attribute's.
record FieldName(String entity, String key) {

    static FieldName of(String written) {
        int dot = dotOutsideOfQuotes(written);
        return dot < 0
                ? new FieldName("attribute", unquoted(written))
                : new FieldName(
                        unquoted(written.substring(0, dot)), unquoted(written.substring(dot + 1)));
    }

    private static int dotOutsideOfQuotes(String written) {
        char quote = 0;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '`' || c == '"') {
                quote = c;
            } else if (c == '.') {
                return i;
            }
        }
        return -1;
    }

    private static String unquoted(String part) {
        boolean quoted =
                part.length() >= 2
                        && (part.charAt(0) == '`' || part.charAt(0) == '"')
                        && part.charAt(part.length() - 1) == part.charAt(0);
        if (!quoted) {
            return part;
        }
        String quote = part.substring(0, 1);
        return part.substring(1, part.length() - 1).replace(quote + quote, quote);
    }
}
