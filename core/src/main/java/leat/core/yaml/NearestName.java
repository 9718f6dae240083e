package leat.core.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds what somebody probably meant to write.
public final class NearestName {

    private NearestName() {}

    /// The known name that is nearest to `word`: at most a third of its letters, and at least one,
    /// may be wrong, missing, extra or swapped with their neighbour. Case, hyphens and underscores
    /// do not count.
    public static Optional<String> of(String word, Collection<String> known) {
        record Candidate(String name, int distance) {}
        String wanted = folded(word);
        int limit = Math.max(1, wanted.length() / 3);
        return known.stream()
                .map(name -> new Candidate(name, distance(wanted, folded(name))))
                .filter(candidate -> candidate.distance() <= limit)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /// A remedy for an unknown name: the nearest one, else all that are known.
    public static String remedy(String word, Collection<String> known) {
        return of(word, known)
                .map(name -> "write '" + name + "' if that was meant")
                .orElseGet(() ->
                        known.isEmpty() ? "remove it" : "use one of " + String.join(", ", known));
    }

    private static String folded(String word) {
        return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /// Optimal string alignment: Levenshtein's distance with swaps of neighbours.
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int best =
                        Math.min(
                                cost[i - 1][j - 1] + change,
                                1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
            }
        }
        return cost[a.length()][b.length()];
    }
}
