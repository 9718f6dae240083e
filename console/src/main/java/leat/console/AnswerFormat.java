package leat.console;

import java.util.Locale;
import java.util.Optional;

/// The formats of a query's answer.
enum AnswerFormat {
    JSON("json", "application/json"),
    CSV("csv", "text/csv"),
    ARROW("arrow", "application/vnd.apache.arrow.stream");

    private final String word;
    private final String mediaType;

    AnswerFormat(String word, String mediaType) {
        this.word = word;
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /// The format of that word in a request body.
    static Optional<AnswerFormat> ofWord(String word) {
        for (AnswerFormat format : values()) {
            if (format.word.equals(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /// The first of ours that an Accept header names; JSON where it names none or anything.
    static Optional<AnswerFormat> accepted(String accept) {
        if (accept.isBlank()) {
            return Optional.of(JSON);
        }
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String type = range.split(";", -1)[0].strip();
            for (AnswerFormat format : values()) {
                if (format.mediaType.equals(type)) {
                    return Optional.of(format);
                }
            }
            if (type.equals("*/*") || type.equals("application/*")) {
                return Optional.of(JSON);
            }
        }
        return Optional.empty();
    }
}
