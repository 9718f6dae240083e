package leat.core.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import leat.core.contract.Contract;
import leat.core.contract.QualityRule;
import leat.core.quality.Judging.Outcome;
import leat.core.quality.Verdict.Judgement;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Verdicts of random streams, cut into random batches, read source by source in random order, with
/// restarts from snapshots anywhere, against a recomputation from all events at once.
final class JudgingTest {

    private static final List<String> SOURCES = List.of("enriched/0", "enriched/1", "dead/0");
    private static final Contract CONTRACT =
            QualityContracts.contract(
                    """
                    - {name: volume, metric: rowCount, mustBeGreaterThan: 3, severity: error}
                    - name: twice
                      metric: duplicateValues
                      arguments: {properties: [car]}
                      mustBe: 0
                      customProperties: [{property: leat.window, value: 30s}]
                    - {name: fresh, type: custom, engine: leat, implementation: {freshness: 45s}}
                    """,
                    """
                    - name: known
                      metric: nullValues
                      unit: percent
                      mustBeLessThan: 40
                      customProperties:
                        - {property: leat.alert, value: {for: 2, resolveAfter: 2}}
                    """,
                    """
                    - property: leat.alerts
                      value: [{name: refused, on: dead, unit: percent, mustBeLessThan: 30}]
                    """);
    private static final List<RuleTest> TESTS = RuleTest.of(CONTRACT);
    private static final List<QualityRule> RULES = CONTRACT.quality().rules();

    @Test
    void theVerdictsAreThoseOfABatchRecomputationEachOnce() {
        long base = Long.getLong("leat.quality.seed", System.nanoTime());
        for (long seed = base; seed < base + 500; seed++) {
            try {
                new Run(new Random(seed)).check();
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.quality.seed=" + seed, e);
            }
        }
    }

    /// One event of a source.
    private record Event(long appendMillis, Seen seen) {}

    private static final class Run {
        private final Random random;
        private final Map<String, List<Event>> events = new HashMap<>();
        private final List<Input> inputs = new ArrayList<>();
        private long end;

        Run(Random random) {
            this.random = random;
        }

        void check() {
            generate();
            List<Outcome> live = judge(false);
            List<Outcome> restarted = judge(true);

            assertThat(restarted).isEqualTo(live);
            assertThat(verdicts(live)).isEqualTo(recomputed(live));
            assertThat(live).noneMatch(Outcome.Late.class::isInstance);
            assertThat(alerts(live)).isEqualTo(recomputedAlerts(live));
        }

        private void generate() {
            long start = 1_700_000_000_000L + random.nextInt(60_000);
            for (String source : SOURCES) {
                List<Event> own = new ArrayList<>();
                long clock = start;
                for (int i = random.nextInt(60); i > 0; i--) {
                    clock += random.nextInt(20) == 0 ? 200_000 : random.nextInt(20_000);
                    own.add(new Event(clock, seen(source.startsWith("dead"), clock)));
                }
                end = Math.max(end, clock + 120_000);
                events.put(source, own);
            }
            cut();
        }

        private Seen seen(boolean dead, long clock) {
            Row row =
                    dead
                            ? DeadEvent.row("enricher", List.of("type"), List.of("a"), List.of("m"))
                            : new Row(
                                    CONTRACT.fields(),
                                    new Object[] {
                                        (long) random.nextInt(12),
                                        random.nextInt(3) == 0 ? null : (Object) 5.0,
                                        null,
                                        null,
                                        null
                                    });
            long event = clock * 1_000 - random.nextInt(100) * 1_000_000L;
            return new Seen(row, dead, event, clock * 1_000);
        }

        /// Each source in its order, the sources against each other in any.
        private void cut() {
            Map<String, Integer> at = new TreeMap<>();
            SOURCES.forEach(source -> at.put(source, 0));
            while (!at.isEmpty()) {
                String source = List.copyOf(at.keySet()).get(random.nextInt(at.size()));
                List<Event> own = Objects.requireNonNull(events.get(source));
                int from = at.getOrDefault(source, 0);
                int to = Math.min(own.size(), from + random.nextInt(6));
                if (to > from) {
                    inputs.add(counted(source, own.subList(from, to)));
                }
                if (to < own.size()) {
                    at.put(source, to);
                    if (random.nextInt(4) == 0) {
                        long passed = own.get(to).appendMillis() - random.nextInt(1_000);
                        inputs.add(new Input.Passed(List.of(source), passed));
                    }
                } else {
                    at.remove(source);
                    inputs.add(new Input.Passed(List.of(source), end));
                }
            }
        }

        private static Input counted(String source, List<Event> batch) {
            TreeMap<String, TreeMap<Long, Tally.Builder>> tallies = new TreeMap<>();
            for (Event event : batch) {
                for (RuleTest test : TESTS) {
                    test.add(
                            event.seen(),
                            tallies.computeIfAbsent(RuleKeys.of(test.rule()), _ -> new TreeMap<>())
                                    .computeIfAbsent(
                                            Windows.startOf(event.appendMillis(), test.rule()),
                                            _ -> new Tally.Builder()));
                }
            }
            List<Input.Part> parts = new ArrayList<>();
            tallies.forEach((rule, windows) ->
                    windows.forEach((start, tally) ->
                            parts.add(new Input.Part(rule, start, tally.build()))));
            return new Input.Counted(source, batch.getLast().appendMillis(), parts);
        }

        private List<Outcome> judge(boolean restarts) {
            List<Outcome> outcomes = new ArrayList<>();
            Judging judging = Judging.begin(RULES, SOURCES);
            Judging.@Nullable Snapshot stored = null;
            for (int i = 0; i < inputs.size(); i++) {
                if (restarts && random.nextInt(5) == 0) {
                    judging = restored(stored, i);
                }
                Judging next = judging.copy();
                List<Outcome> more = next.apply(inputs.get(i), i);
                if (restarts && random.nextInt(5) == 0) {
                    next = judging.copy();
                    assertThat(next.apply(inputs.get(i), i)).isEqualTo(more);
                }
                judging = next;
                outcomes.addAll(more);
                stored = more.isEmpty() ? stored : judging.snapshot(i + 1);
            }
            return outcomes;
        }

        private Judging restored(Judging.@Nullable Snapshot stored, int committed) {
            if (stored == null) {
                Judging judging = Judging.begin(RULES, SOURCES);
                for (int i = 0; i < committed; i++) {
                    assertThat(judging.apply(inputs.get(i), i)).isEmpty();
                }
                return judging;
            }
            Judging judging = Judging.restore(RULES, SOURCES, stored);
            for (int i = (int) stored.firstInput(); i < stored.nextInput(); i++) {
                judging.recall(inputs.get(i), i);
            }
            for (int i = (int) stored.nextInput(); i < committed; i++) {
                assertThat(judging.apply(inputs.get(i), i)).isEmpty();
            }
            judging.beginWhatIsNew(RULES);
            return judging;
        }

        private static List<String> verdicts(List<Outcome> outcomes) {
            return outcomes.stream()
                    .filter(Outcome.Closed.class::isInstance)
                    .map(outcome -> ((Outcome.Closed) outcome).window())
                    .map(Run::text)
                    .sorted()
                    .toList();
        }

        private static String text(Windows.Closed window) {
            return window.rule().id()
                    + " "
                    + window.startMillis()
                    + " "
                    + window.tally().rows()
                    + " "
                    + window.verdict();
        }

        /// Every window from the first that was judged to the last that has ended, from the events
        /// alone.
        private List<String> recomputed(List<Outcome> live) {
            List<String> expected = new ArrayList<>();
            for (RuleTest test : TESTS) {
                QualityRule rule = test.rule();
                long first =
                        live.stream()
                                .filter(Outcome.Closed.class::isInstance)
                                .map(outcome -> ((Outcome.Closed) outcome).window())
                                .filter(window -> window.rule().equals(rule))
                                .mapToLong(Windows.Closed::startMillis)
                                .min()
                                .orElseThrow();
                long length = rule.window().toMillis();
                for (long start = first; start + length <= end; start += length) {
                    Tally.Builder tally = new Tally.Builder();
                    for (Event event : events.values().stream().flatMap(List::stream).toList()) {
                        if (event.appendMillis() >= start
                                && event.appendMillis() < start + length) {
                            test.add(event.seen(), tally);
                        }
                    }
                    Tally whole = tally.build();
                    expected.add(
                            text(
                                    new Windows.Closed(
                                            rule,
                                            start,
                                            start + length,
                                            whole,
                                            Verdict.of(
                                                    rule,
                                                    whole,
                                                    java.time.Instant.ofEpochMilli(
                                                            start + length)))));
                }
            }
            return expected.stream().sorted().toList();
        }

        private static List<String> alerts(List<Outcome> outcomes) {
            return outcomes.stream()
                    .filter(Outcome.Alerted.class::isInstance)
                    .map(Outcome.Alerted.class::cast)
                    .map(one -> one.rule().id() + one.atMillis() + one.alert().status())
                    .sorted()
                    .toList();
        }

        /// An alert fires at the end of the last of `failures` failed windows in a row, by going
        /// back over the judged windows each time.
        private static List<String> recomputedAlerts(List<Outcome> outcomes) {
            List<String> expected = new ArrayList<>();
            for (QualityRule rule : RULES) {
                if (rule.alert().isEmpty()) {
                    continue;
                }
                List<Windows.Closed> judged =
                        outcomes.stream()
                                .filter(Outcome.Closed.class::isInstance)
                                .map(outcome -> ((Outcome.Closed) outcome).window())
                                .filter(window -> window.rule().equals(rule))
                                .filter(window ->
                                        window.verdict().judgement() != Judgement.NOT_JUDGED)
                                .toList();
                boolean firing = false;
                for (int i = 0; i < judged.size(); i++) {
                    Judgement wanted = firing ? Judgement.PASSED : Judgement.FAILED;
                    int needed =
                            firing ? rule.alert().get().successes() : rule.alert().get().failures();
                    boolean all = i + 1 >= needed;
                    for (int back = 0; all && back < needed; back++) {
                        all = judged.get(i - back).verdict().judgement() == wanted;
                    }
                    if (all) {
                        firing = !firing;
                        expected.add(
                                rule.id()
                                        + judged.get(i).endMillis()
                                        + (firing ? "FIRING" : "RESOLVED"));
                    }
                }
            }
            return expected.stream().sorted().toList();
        }
    }

    @Test
    void aRuleThatIsNewBeginsWithAWindowThatNoSourceHasBegun() {
        Judging before = Judging.begin(RULES.subList(0, 1), List.of("enriched/0"));
        before.apply(new Input.Passed(List.of("enriched/0"), 90_000), 0);
        before.apply(new Input.Passed(List.of("enriched/0"), 200_000), 1);
        Judging after = Judging.restore(RULES, List.of("enriched/0"), before.snapshot(2));

        after.beginWhatIsNew(RULES);
        List<Outcome> outcomes = after.apply(new Input.Passed(List.of("enriched/0"), 300_000), 2);

        assertThat(Run.verdicts(outcomes))
                .anyMatch(text -> text.startsWith("volume 180000 "))
                .anyMatch(text -> text.startsWith("twice 210000 "))
                .noneMatch(text -> text.startsWith("twice 180000 "))
                .anyMatch(text -> text.startsWith("known 240000 "))
                .noneMatch(text -> text.startsWith("known 180000 "));
    }

    @Test
    void eventsOfAClosedWindowAreCountedAsLate() {
        Judging judging = Judging.begin(RULES.subList(0, 1), List.of("enriched/0"));
        Tally one = new Tally(3, 3, 1, java.util.Set.of(), false);
        String key = RuleKeys.of(RULES.getFirst());
        Input input = new Input.Counted("enriched/0", 60_000, List.of(new Input.Part(key, 0, one)));
        judging.apply(input, 0);

        List<Outcome> outcomes = judging.apply(input, 1);

        assertThat(outcomes).containsExactly(new Outcome.Late(RULES.getFirst(), 3));
    }

    @Test
    void anAcknowledgedAlertIsResolvedLikeAnyOther() {
        Judging judging = Judging.begin(RULES.subList(0, 1), List.of("enriched/0"));
        judging.apply(new Input.Passed(List.of("enriched/0"), 0), 0);
        List<Outcome> fired = judging.apply(new Input.Passed(List.of("enriched/0"), 60_000), 1);
        List<Outcome> acknowledged = judging.apply(new Input.Acknowledge("volume"), 2);
        List<Outcome> again = judging.apply(new Input.Acknowledge("volume"), 3);
        Tally many = new Tally(10, 10, 1, java.util.Set.of(), false);
        List<Outcome> resolved =
                judging.apply(
                        new Input.Counted(
                                "enriched/0",
                                120_000,
                                List.of(
                                        new Input.Part(
                                                RuleKeys.of(RULES.getFirst()), 60_000, many))),
                        4);

        assertThat(Run.alerts(fired)).containsExactly("volume60000FIRING");
        assertThat(Run.alerts(acknowledged)).containsExactly("volume60000ACKNOWLEDGED");
        assertThat(again).isEmpty();
        assertThat(Run.alerts(resolved)).containsExactly("volume120000RESOLVED");
    }

    @Test
    void aLongGapIsNotJudgedWindowByWindow() {
        Judging judging = Judging.begin(RULES.subList(0, 1), List.of("enriched/0"));
        judging.apply(new Input.Passed(List.of("enriched/0"), 0), 0);

        List<Outcome> outcomes =
                judging.apply(new Input.Passed(List.of("enriched/0"), 86_400_000L * 365), 1);

        assertThat(Run.verdicts(outcomes)).hasSize(Windows.MAX_EMPTY);
    }
}
