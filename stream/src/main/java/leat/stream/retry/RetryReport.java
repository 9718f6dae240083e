package leat.stream.retry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.outcome.Reason;
import leat.stream.inspect.DeadLetter;

/// What comes back of one contract's dead letters, or came.
///
/// @param contract name and major version
/// @param returned how many come back, by where they go: `raw`, `search`, `lake`
/// @param before how many had come back before
/// @param superseded how many are left because an event of the same source and id stands in the
///   enriched topic
/// @param diesAgain how many are left because the contract would refuse them again, by the first
///   reason's code and field
/// @param stays how many cannot come back, by why
/// @param samples the first ones
public record RetryReport(
        String contract,
        Map<String, Long> returned,
        long before,
        long superseded,
        Map<String, Long> diesAgain,
        Map<String, Long> stays,
        List<Sample> samples) {

    public RetryReport {
        returned = Map.copyOf(returned);
        diesAgain = new LinkedHashMap<>(diesAgain);
        stays = new LinkedHashMap<>(stays);
        samples = List.copyOf(samples);
    }

    /// One letter.
    ///
    /// @param fate where it goes, or why it stays
    /// @param payload as it died
    /// @param corrected as it would come back; empty when it would not
    public record Sample(
            String id,
            String stage,
            boolean returns,
            String fate,
            String payload,
            String corrected) {}

    /// How many come back.
    public long returning() {
        return returned.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How many letters were looked at.
    public long letters() {
        return returning() + before + superseded + sum(diesAgain) + sum(stays);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Counts while letters are looked at.
    static final class Tally {
        private static final int MAX_KINDS = 100;
        private static final String OTHERS = "…";

        private final int maxSamples;
        private final Map<String, Long> returned = new TreeMap<>();
        private final Map<String, Long> diesAgain = new TreeMap<>();
        private final Map<String, Long> stays = new TreeMap<>();
        private final List<Sample> samples = new ArrayList<>();
        private long before;
        private long superseded;
        private long returning;

        Tally(int maxSamples) {
            this.maxSamples = maxSamples;
        }

        long returning() {
            return returning;
        }

        void before() {
            before++;
        }

        void superseded(DeadLetter letter) {
            superseded++;
            sample(letter, false, "superseded: the event is there already", "");
        }

        void returns(DeadLetter letter, Fate.Returns fate) {
            String way = fate.way().name().toLowerCase(java.util.Locale.ROOT);
            returned.merge(way, 1L, Long::sum);
            returning++;
            if (samples.size() < maxSamples) {
                sample(letter, true, "comes back to " + way, text(fate.record().value()));
            }
        }

        void diesAgain(DeadLetter letter, Fate.DiesAgain fate) {
            Reason first = fate.reasons().getFirst();
            count(diesAgain, (first.code().word() + " " + first.field()).strip());
            sample(
                    letter,
                    false,
                    "would die again: "
                            + first.code().word()
                            + " "
                            + first.field()
                            + ": "
                            + first.message(),
                    "");
        }

        void stays(DeadLetter letter, Fate.Stays fate) {
            count(stays, fate.why());
            sample(letter, false, "stays: " + fate.why(), "");
        }

        RetryReport report(String contract) {
            return new RetryReport(
                    contract, returned, before, superseded, diesAgain, stays, samples);
        }

        private void sample(DeadLetter letter, boolean returns, String fate, String corrected) {
            if (samples.size() < maxSamples) {
                samples.add(
                        new Sample(
                                letter.id(),
                                letter.stage(),
                                returns,
                                fate,
                                letter.event().value().text(),
                                corrected));
            }
        }

        private static void count(Map<String, Long> counts, String kind) {
            boolean room = counts.size() < MAX_KINDS || counts.containsKey(kind);
            counts.merge(room ? kind : OTHERS, 1L, Long::sum);
        }

        private static String text(byte[] value) {
            return new String(value, java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
