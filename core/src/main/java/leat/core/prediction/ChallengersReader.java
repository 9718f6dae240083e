package leat.core.prediction;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.yaml.Keys;

/// Reads `challengers` of a scoring.
final class ChallengersReader {

    private static final Set<String> CHALLENGER_KEYS = Set.of("alias", "share", "shadow");
    private static final int MOST_CHALLENGERS = 8;

    private ChallengersReader() {}

    /// Those of a scoring, in the order of the file.
    ///
    /// @param champion the alias that no challenger may have
    static List<Challenger> read(Keys keys, String champion) {
        List<Challenger> challengers = new ArrayList<>();
        Set<String> aliases = new HashSet<>(Set.of(champion));
        List<Keys> entries = keys.list("challengers");
        int shares = 0;
        for (Keys entry : entries) {
            entry.allow(CHALLENGER_KEYS);
            Optional<Challenger> challenger = challenger(entry);
            if (challenger.isPresent()) {
                if (!aliases.add(challenger.get().alias())) {
                    entry.complain(
                            "alias",
                            "'" + challenger.get().alias() + "' has a place already",
                            "use each alias once");
                }
                challengers.add(challenger.get());
                shares += challenger.get() instanceof Challenger.Canary(_, int share) ? share : 0;
            }
        }
        if (shares > Challenger.PARTS) {
            keys.complain("challengers", "answer for more than 100% of the keys", "lower a share");
        }
        if (entries.size() > MOST_CHALLENGERS) {
            keys.complain("challengers", "are more than " + MOST_CHALLENGERS, "remove some");
        }
        return challengers;
    }

    private static Optional<Challenger> challenger(Keys entry) {
        if (entry.mapping().find("alias").isEmpty()) {
            entry.complain("alias", "is missing", "name the alias whose version is tried");
        }
        Optional<String> alias = ModelKeys.alias(entry, "alias");
        boolean shadow = entry.bool("shadow").orElse(false);
        if (shadow == entry.mapping().find("share").isPresent()) {
            entry.complain(
                    shadow ? "shadow" : "alias",
                    shadow ? "a shadow answers for nobody" : "has neither share nor shadow",
                    "write share: 10% for a canary, or shadow: true");
            return Optional.empty();
        }
        if (shadow) {
            return alias.map(Challenger.Shadow::new);
        }
        return share(entry).flatMap(share -> alias.map(one -> new Challenger.Canary(one, share)));
    }

    private static Optional<Integer> share(Keys entry) {
        return entry.parsed(
                "share",
                scalar -> {
                    String text = scalar.text().strip();
                    try {
                        if (text.endsWith("%")) {
                            int parts =
                                    new BigDecimal(text.substring(0, text.length() - 1).strip())
                                            .movePointRight(2)
                                            .intValueExact();
                            if (parts >= 1 && parts <= Challenger.PARTS) {
                                return parts;
                            }
                        }
                    } catch (ArithmeticException | NumberFormatException _) {
                        // the complaint below says it
                    }
                    throw new IllegalArgumentException(
                            "'" + text + "' is no share from 0.01% to 100%");
                });
    }
}
