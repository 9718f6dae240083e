package leat.core.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import leat.core.alert.Alert;
import leat.core.alert.Alert.Command;
import leat.core.contract.QualityRule;

/// The judging of one contract's windows and alerts: a fold over [Input]s. A window is closed when
/// every source has passed its end, so its verdict is a function of the events in it, whatever the
/// batches were and in whatever order the sources were read.
///
/// Not for several threads; [#copy] gives one that can be thrown away.
public final class Judging {

    private final List<String> sources;
    private final Map<String, Long> frontiers;
    private final Map<String, Windows> windows;
    private final Map<String, Alert> alerts;
    private final Map<String, QualityRule> rules;

    /// What has become of an input.
    public sealed interface Outcome {

        /// A window was closed.
        record Closed(Windows.Closed window) implements Outcome {}

        /// An alert has changed its status.
        ///
        /// @param atMillis the end of the window that did it; of a command, how far all had come
        record Alerted(QualityRule rule, Alert alert, long atMillis) implements Outcome {}

        /// Events came for a window that is closed: a clock has run backwards.
        record Late(QualityRule rule, long events) implements Outcome {}
    }

    /// What is kept of the judging between two inputs, save the open windows, which the inputs from
    /// `firstInput` on make again.
    ///
    /// @param nextInput where the first input stands that this does not know of
    /// @param firstInput where the first input stands that an open window needs
    /// @param closedThroughMillis by rule key
    /// @param alerts by rule id
    public record Snapshot(
            long nextInput,
            long firstInput,
            Map<String, Long> frontiers,
            Map<String, Long> closedThroughMillis,
            Map<String, Alert> alerts) {
        public Snapshot {
            frontiers = Map.copyOf(frontiers);
            closedThroughMillis = Map.copyOf(closedThroughMillis);
            alerts = Map.copyOf(alerts);
        }
    }

    private Judging(
            List<String> sources,
            Map<String, Long> frontiers,
            Map<String, Windows> windows,
            Map<String, Alert> alerts,
            Map<String, QualityRule> rules) {
        this.sources = sources;
        this.frontiers = frontiers;
        this.windows = windows;
        this.alerts = alerts;
        this.rules = rules;
    }

    /// Judging that has heard of nothing.
    ///
    /// @param sources all partitions that events come from
    public static Judging begin(Collection<QualityRule> rules, List<String> sources) {
        Judging judging =
                new Judging(
                        List.copyOf(sources),
                        new HashMap<>(),
                        new TreeMap<>(),
                        new HashMap<>(),
                        new TreeMap<>());
        rules.forEach(rule -> judging.put(rule, OptionalLong.empty()));
        return judging;
    }

    /// Judging as of a snapshot, of the rules that it knows. The inputs between `firstInput` and
    /// `nextInput` have to be given to [#recall], those after it to [#apply]; then
    /// [#beginWhatIsNew].
    public static Judging restore(
            Collection<QualityRule> rules, List<String> sources, Snapshot snapshot) {
        Judging judging = begin(List.of(), sources);
        judging.frontiers.putAll(snapshot.frontiers());
        judging.alerts.putAll(snapshot.alerts());
        for (QualityRule rule : rules) {
            Long closed = snapshot.closedThroughMillis().get(RuleKeys.of(rule));
            if (closed != null) {
                judging.put(rule, OptionalLong.of(closed));
            }
        }
        return judging;
    }

    private Windows put(QualityRule rule, OptionalLong closedThroughMillis) {
        Windows own = new Windows(rule, closedThroughMillis);
        rules.put(RuleKeys.of(rule), rule);
        windows.put(RuleKeys.of(rule), own);
        return own;
    }

    /// Adds the rules that are new since the snapshot. What was counted so far was counted without
    /// them, so each begins with the first window that no source has begun.
    public void beginWhatIsNew(Collection<QualityRule> all) {
        OptionalLong newest = frontiers.values().stream().mapToLong(Long::longValue).max();
        for (QualityRule rule : all) {
            if (!rules.containsKey(RuleKeys.of(rule))) {
                Windows own = put(rule, OptionalLong.empty());
                newest.ifPresent(millis -> own.beginAt(Windows.startAfter(millis, rule)));
            }
        }
    }

    public Judging copy() {
        Map<String, Windows> copies = new TreeMap<>();
        windows.forEach((key, own) -> copies.put(key, own.copy()));
        return new Judging(
                sources,
                new HashMap<>(frontiers),
                copies,
                new HashMap<>(alerts),
                new TreeMap<>(rules));
    }

    /// What is to be kept, after the input at `nextInput - 1`.
    public Snapshot snapshot(long nextInput) {
        Map<String, Long> closed = new HashMap<>();
        long first = nextInput;
        for (Map.Entry<String, Windows> entry : windows.entrySet()) {
            entry.getValue()
                    .closedThroughMillis()
                    .ifPresent(through -> closed.put(entry.getKey(), through));
            first = Math.min(first, entry.getValue().firstInput().orElse(nextInput));
        }
        return new Snapshot(nextInput, first, frontiers, closed, alerts);
    }

    /// Makes open windows again from an input that the snapshot knows of.
    public void recall(Input input, long position) {
        if (input instanceof Input.Counted counted) {
            for (Input.Part part : counted.parts()) {
                Windows own = windows.get(part.rule());
                if (own != null) {
                    own.add(part.startMillis(), part.tally(), position);
                }
            }
        }
    }

    /// Takes an input in.
    ///
    /// @param position where the input stands among all
    public List<Outcome> apply(Input input, long position) {
        List<Outcome> outcomes = new ArrayList<>();
        switch (input) {
            case Input.Counted(String source, long through, List<Input.Part> parts) -> {
                parts.forEach(part -> add(part, position, outcomes));
                pass(source, through);
            }
            case Input.Passed(List<String> passed, long through) ->
                    passed.forEach(source -> pass(source, through));
            case Input.Acknowledge(String ruleId) ->
                    rules.values().stream()
                            .filter(rule -> rule.id().equals(ruleId))
                            .forEach(rule ->
                                    command(rule, new Command.Acknowledge(), least(), outcomes));
        }
        close(outcomes);
        return outcomes;
    }

    private void add(Input.Part part, long position, List<Outcome> outcomes) {
        Windows own = windows.get(part.rule());
        QualityRule rule = rules.get(part.rule());
        if (own != null && rule != null && !own.add(part.startMillis(), part.tally(), position)) {
            outcomes.add(new Outcome.Late(rule, part.tally().rows()));
        }
    }

    private void pass(String source, long throughMillis) {
        if (sources.contains(source)) {
            frontiers.merge(source, throughMillis, Math::max);
        }
    }

    /// How far the slowest source has come; the least there is while one is not heard of.
    private long least() {
        long least = Long.MAX_VALUE;
        for (String source : sources) {
            least = Math.min(least, frontiers.getOrDefault(source, Long.MIN_VALUE));
        }
        return least;
    }

    private void close(List<Outcome> outcomes) {
        long least = least();
        for (Windows own : windows.values()) {
            List<Windows.Closed> closed = new ArrayList<>(own.closeTooMany());
            if (least > Long.MIN_VALUE) {
                closed.addAll(own.close(least));
            }
            for (Windows.Closed window : closed) {
                outcomes.add(new Outcome.Closed(window));
                judged(window, outcomes);
            }
        }
    }

    /// A window that was not judged says nothing to the alert.
    private void judged(Windows.Closed window, List<Outcome> outcomes) {
        Verdict.Judgement judgement = window.verdict().judgement();
        Optional<QualityRule.AlertPolicy> policy = window.rule().alert();
        if (policy.isPresent() && judgement != Verdict.Judgement.NOT_JUDGED) {
            boolean passed = judgement == Verdict.Judgement.PASSED;
            command(
                    window.rule(),
                    new Command.Judged(passed, policy.get(), window.endMillis()),
                    window.endMillis(),
                    outcomes);
        }
    }

    private void command(QualityRule rule, Command command, long atMillis, List<Outcome> outcomes) {
        Alert before = alerts.getOrDefault(rule.id(), Alert.QUIET);
        Alert after = before.apply(before.decide(command));
        alerts.put(rule.id(), after);
        if (after.status() != before.status()) {
            outcomes.add(new Outcome.Alerted(rule, after, atMillis));
        }
    }
}
