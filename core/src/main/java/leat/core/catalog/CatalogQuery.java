package leat.core.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What is looked for in a catalogue. Case does not count.
///
/// @param text words that all have to be in the texts of a definition, or of it and one of its
///   parts
/// @param tag a whole tag
/// @param owner the whole owner
/// @param entity the whole word
/// @param kind one of [CatalogEntry#KINDS]
public record CatalogQuery(
        String text,
        Optional<String> tag,
        Optional<String> owner,
        Optional<String> entity,
        Optional<String> kind) {

    /// A query that finds everything.
    public static final CatalogQuery ALL =
            new CatalogQuery(
                    "", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /// What of an entry is found: the whole of it where its own texts have all words, else those of
    /// its parts that have the missing ones; nothing where there are none.
    public Optional<CatalogEntry> in(CatalogEntry entry) {
        if (!isAsked(kind, Stream.of(entry.kind()))
                || !isAsked(tag, entry.tags().stream())
                || !isAsked(owner, entry.owner().stream())
                || !isAsked(entity, entry.entity().stream())) {
            return Optional.empty();
        }
        List<String> missing = missing(words(), entry.texts());
        if (missing.isEmpty()) {
            return Optional.of(entry);
        }
        CatalogEntry some = entry.only(part -> missing(missing, part.texts()).isEmpty());
        return some.parts().isEmpty() ? Optional.empty() : Optional.of(some);
    }

    private List<String> words() {
        return Arrays.stream(folded(text).split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    private static List<String> missing(List<String> words, Stream<String> texts) {
        List<String> folded = texts.map(CatalogQuery::folded).toList();
        return words.stream()
                .filter(word -> folded.stream().noneMatch(one -> one.contains(word)))
                .toList();
    }

    private static boolean isAsked(Optional<String> wanted, Stream<String> given) {
        return wanted.isEmpty() || given.anyMatch(wanted.get()::equalsIgnoreCase);
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
