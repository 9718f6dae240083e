package leat.core.tracking.search;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import leat.core.tracking.TrackingLimits;
import leat.core.tracking.TrackingRefused;

/// Which part of the answers is asked for.
public record PageRequest(int maxResults, PageToken from) {

    /// A page of a search.
    ///
    /// @param maxResults empty for the protocol's default
    /// @throws TrackingRefused when it is no page
    public static PageRequest of(OptionalLong maxResults, String token) {
        return of(maxResults, token, TrackingLimits.PAGE_DEFAULT, TrackingLimits.PAGE);
    }

    /// The same with other limits.
    public static PageRequest of(
            OptionalLong maxResults, String token, int defaultResults, int most) {
        long wanted = maxResults.orElse(defaultResults);
        if (wanted < 1 || wanted > most) {
            throw TrackingRefused.invalid(
                    "Invalid value "
                            + wanted
                            + " for parameter 'max_results' supplied: It must be at "
                            + (wanted < 1 ? "least 1." : "most " + most + "."));
        }
        return new PageRequest((int) wanted, PageToken.parse(token));
    }

    /// The part of all answers.
    public <T> Page<T> of(List<T> all) {
        return of(all, _ -> 0);
    }

    /// The part of all answers, less of them where they would be too large together.
    ///
    /// @param characters how large an answer is, about
    <T> Page<T> of(List<T> all, ToLongFunction<T> characters) {
        int start = Math.min(from.offset(), all.size());
        int most = (int) Math.min((long) start + maxResults, all.size());
        int end = start;
        long sum = 0;
        while (end < most && (end == start || sum < TrackingLimits.PAGE_CHARACTERS)) {
            sum += characters.applyAsLong(all.get(end++));
        }
        return new Page<>(
                all.subList(start, end), end < all.size() ? new PageToken(end).text() : "");
    }
}
