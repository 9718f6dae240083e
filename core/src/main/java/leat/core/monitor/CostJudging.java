package leat.core.monitor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.quality.Verdict;
import leat.core.quality.Verdict.Judgement;
import org.jspecify.annotations.Nullable;

/// Judges what the versions of a window cost against the last version: the one that began to answer
/// before it did, or, of a shadow, the one that answers.
///
/// How long a row takes depends on how many come at once. So two versions are compared by the same
/// window, and a version that has none with its last one, once, when it is measured first.
final class CostJudging {

    /// A version that took less in a window is fast enough to be no concern, and too fast to be
    /// measured.
    static final double LEAST_SECONDS = 0.1;

    private final Monitoring monitoring;
    private final SeenWindow seen;
    private final SequencedMap<String, ServedVersion> before;

    /// In the order in which they began to answer.
    private final SequencedMap<String, ServedVersion> after = new LinkedHashMap<>();

    CostJudging(
            Monitoring monitoring, SequencedMap<String, ServedVersion> before, SeenWindow seen) {
        this.monitoring = monitoring;
        this.before = before;
        this.seen = seen;
        Set<String> answering =
                seen.versions().stream()
                        .filter(SeenWindow.Version::answers)
                        .map(SeenWindow.Version::name)
                        .collect(Collectors.toSet());
        before.forEach((version, served) ->
                after.put(
                        version,
                        answering.isEmpty()
                                ? served
                                : new ServedVersion(
                                        served.answering() && answering.contains(version),
                                        served.rowSeconds(),
                                        served.bytes())));
        seen.versions().stream().filter(SeenWindow.Version::answers).forEach(this::answered);
    }

    /// One that comes, or comes back, is measured anew, and is the last in order.
    private void answered(SeenWindow.Version version) {
        ServedVersion known = after.get(version.name());
        OptionalDouble rowSeconds = measured(version);
        if (known == null || !known.answering()) {
            after.remove(version.name());
        } else if (rowSeconds.isEmpty()) {
            rowSeconds = known.rowSeconds();
        }
        after.put(version.name(), new ServedVersion(true, rowSeconds, version.cost().bytes()));
    }

    /// What is remembered for the next window.
    SequencedMap<String, ServedVersion> after() {
        return after;
    }

    private OptionalDouble measured(SeenWindow.Version version) {
        SeenWindow.Cost cost = version.cost();
        return cost.rows() < monitoring.minimumRows()
                ? OptionalDouble.empty()
                : OptionalDouble.of(cost.seconds() / cost.rows());
    }

    Verdict latency(SeenWindow.Version version) {
        OptionalDouble mine = measured(version);
        if (mine.isEmpty()) {
            return notJudged(
                    version.cost().rows() + " rows are fewer than " + monitoring.minimumRows());
        }
        Optional<String> last = last(version);
        if (last.isEmpty()) {
            return notJudged("there is no version before it");
        }
        OptionalDouble theirs = ofLast(version, last.get());
        if (theirs.isEmpty()) {
            return notJudged(last.get() + ", the last version, is not measured beside it");
        }
        if (version.cost().seconds() < LEAST_SECONDS) {
            return notJudged("it took less than 0.1 s for all its rows");
        }
        return atMost(
                mine.getAsDouble() / theirs.getAsDouble(),
                monitoring.latencyFactor(),
                String.format(
                        Locale.ROOT,
                        "%s: %.3g ms a row, %s: %.3g ms",
                        version.name(),
                        1e3 * mine.getAsDouble(),
                        last.get(),
                        1e3 * theirs.getAsDouble()));
    }

    /// The last version's time of this window; of an earlier one only where this version was not
    /// measured before.
    private OptionalDouble ofLast(SeenWindow.Version version, String last) {
        OptionalDouble beside =
                seen.versions().stream()
                        .filter(one -> one.name().equals(last))
                        .map(this::measured)
                        .findFirst()
                        .orElse(OptionalDouble.empty());
        ServedVersion known = before.get(version.name());
        boolean isFirst = known == null || !known.answering() || known.rowSeconds().isEmpty();
        ServedVersion earlier = after.get(last);
        return beside.isPresent() || !isFirst || !version.answers() || earlier == null
                ? beside
                : earlier.rowSeconds();
    }

    Verdict memory(SeenWindow.Version version) {
        Optional<String> last = last(version);
        if (last.isEmpty()) {
            return notJudged("there is no version before it");
        }
        ServedVersion served = after.get(last.get());
        OptionalLong theirs = served == null ? OptionalLong.empty() : served.bytes();
        OptionalLong mine = version.cost().bytes();
        if (mine.isEmpty() || theirs.isEmpty() || theirs.getAsLong() == 0) {
            return notJudged("the size of its files, or of the last version's, is not known");
        }
        return atMost(
                (double) mine.getAsLong() / theirs.getAsLong(),
                monitoring.memoryFactor(),
                String.format(
                        Locale.ROOT,
                        "%s: %,d bytes, %s: %,d bytes",
                        version.name(),
                        mine.getAsLong(),
                        last.get(),
                        theirs.getAsLong()));
    }

    private Optional<String> last(SeenWindow.Version version) {
        @Nullable String previous = null;
        for (Map.Entry<String, ServedVersion> served : after.entrySet()) {
            if (served.getKey().equals(version.name()) && version.answers()) {
                return Optional.ofNullable(previous);
            }
            if (!served.getKey().equals(version.name())) {
                previous = served.getKey();
            }
        }
        return Optional.ofNullable(previous);
    }

    private static Verdict atMost(double factor, double limit, String note) {
        return new Verdict(
                factor < limit ? Judgement.PASSED : Judgement.FAILED,
                OptionalDouble.of(factor),
                note);
    }

    private static Verdict notJudged(String why) {
        return new Verdict(Judgement.NOT_JUDGED, OptionalDouble.empty(), why);
    }
}
