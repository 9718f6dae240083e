package leat.stream.send;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The known name that a misspelt one probably means: by Levenshtein distance, letter case,
/// hyphens, spaces and underscores left out.
final class NearestName {

    private NearestName() {}

    static Optional<String> of(String name, Collection<String> known) {
        String plain = plain(name);
        int best = Math.max(1, plain.length() / 3) + 1;
        String nearest = null;
        for (String candidate : known) {
            int distance = distance(plain, plain(candidate));
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] =
                        Math.min(
                                previous[j - 1] + change,
                                Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
