package leat.ml.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileSketch;
import leat.core.monitor.ProfiledFeature;
import leat.core.monitor.Recomputed;
import leat.ml.monitor.WatchedLog.Traffic;
import leat.stream.log.LogUnavailable;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Models are watched through windows of a minute that pass when the test says so.
final class WatchingPartitionTest {

    @Test
    void aLongQuietStretchRaisesNoAlert() {
        WatchedLog log = new WatchedLog("silence: 2m");

        for (int window = 0; window < 100; window++) {
            log.window(Traffic.USUAL);
        }

        assertThat(log.alerts()).isEmpty();
        assertThat(log.words("feature-drift"))
                .hasSize(100)
                .startsWith("not-judged", "passed")
                .doesNotContain("failed");
        assertThat(log.words("score-drift")).hasSize(100).doesNotContain("failed");
        assertThat(WatchedLog.text(log.verdicts("feature-drift").getFirst(), "note"))
                .contains("no training profile", "first full window");
    }

    @Test
    void driftPutInOnPurposeRaisesAnAlertWithinTwoWindowsAndItsEndResolvesIt() {
        WatchedLog log = new WatchedLog("");
        for (int window = 0; window < 5; window++) {
            log.window(Traffic.USUAL);
        }
        assertThat(log.alerts()).isEmpty();

        log.window(Traffic.USUAL.shifted(1));
        log.window(Traffic.USUAL.shifted(1));

        assertThat(log.alerts())
                .containsExactlyInAnyOrder("feature-drift firing", "score-drift firing");
        JsonNode alert = log.json(new MonitorTopics(WatchedLog.NAMES).alerts()).getFirst();
        assertThat(WatchedLog.text(alert, "id")).isEqualTo("risk.v1:feature-drift");
        assertThat(WatchedLog.text(alert, "contract")).isEqualTo("risk.v1");
        assertThat(WatchedLog.text(alert, "severity")).isEqualTo("warning");
        assertThat(WatchedLog.text(alert, "note")).startsWith("a: psi ").doesNotContain("gear");
        assertThat(WatchedLog.text(alert, "demand")).contains("psi 0.25", "within 1m");
        assertThat(WatchedLog.text(alert, "change"))
                .isEqualTo(
                        "risk.v1:feature-drift@"
                                + (WatchedLog.BEGIN + 6 * WatchedLog.LENGTH)
                                + "/firing");
        assertThat(alert.path("value").asDouble()).isGreaterThan(0.25);

        log.window(Traffic.USUAL);

        assertThat(log.alerts().subList(2, 4))
                .containsExactlyInAnyOrder("feature-drift resolved", "score-drift resolved");
    }

    @Test
    void ofASetTheFeaturesOfAllViewsAreWatched() {
        WatchedLog log = WatchedLog.ofSet();
        for (int window = 0; window < 3; window++) {
            log.window(Traffic.USUAL);
        }
        assertThat(log.words("feature-drift")).containsExactly("not-judged", "passed", "passed");

        log.window(Traffic.USUAL.shifted(1));
        log.window(Traffic.USUAL.shifted(1));
        log.window(Traffic.USUAL.absent(0.5));

        JsonNode drift = log.verdicts("feature-drift").get(4);
        assertThat(WatchedLog.text(drift, "note")).startsWith("pull: psi ").doesNotContain("gear");
        assertThat(WatchedLog.text(log.verdicts("missing-values").getLast(), "note"))
                .startsWith("pull: ");
        assertThat(drift.path("rows").asInt(0)).isEqualTo(WatchedLog.ROWS);
    }

    @Test
    void anAlertWaitsForWindowsInARowAndResolvesSoWhereItSaysSo() {
        WatchedLog log =
                new WatchedLog(
                        """
                        for: 2
                        resolve-after: 2
                        drift: {psi: 0.3}
                        """);
        log.window(Traffic.USUAL);

        log.window(Traffic.USUAL.shifted(2));
        assertThat(log.alerts()).isEmpty();
        log.window(Traffic.USUAL.shifted(2));
        assertThat(log.alerts()).contains("feature-drift firing");
        log.window(Traffic.USUAL);
        assertThat(log.alerts()).doesNotContain("feature-drift resolved");
        log.window(Traffic.USUAL);
        assertThat(log.alerts()).contains("feature-drift resolved");
    }

    @Test
    void aRestartJudgesNoWindowTwiceAndRaisesNoAlertAgain() {
        WatchedLog straight = new WatchedLog("");
        WatchedLog restarted = new WatchedLog("");
        double[] shifts = {0, 0, 1, 1, 1, 0, 0};
        for (double shift : shifts) {
            straight.window(Traffic.USUAL.shifted(shift));
            restarted.restart();
            restarted.drive(Traffic.USUAL.shifted(shift));
            List<String> lost = values(restarted.takeInVain());
            restarted.restart();
            assertThat(values(restarted.takeInVain())).isEqualTo(lost);
            restarted.judge();
            restarted.judge();
        }

        assertThat(restarted.alerts()).hasSize(4).isEqualTo(straight.alerts());
        assertThat(restarted.verdicts("feature-drift"))
                .isEqualTo(straight.verdicts("feature-drift"));
    }

    private static List<String> values(List<ProducerRecord<byte[], byte[]>> records) {
        assertThat(records).isNotEmpty();
        return records.stream().map(record -> new String(record.value(), UTF_8)).toList();
    }

    @Test
    void windowsThatPassedWhileNobodyWatchedAreJudgedTheLastOfThem() {
        WatchedLog log = new WatchedLog("");
        log.window(Traffic.USUAL);
        for (int window = 0; window < WatchingPartition.MAX_WINDOWS + 6; window++) {
            log.drive(Traffic.USUAL.shifted(window == 29 ? 2 : 0));
        }

        log.restart();
        log.judge();

        assertThat(log.words("feature-drift")).hasSize(1 + WatchingPartition.MAX_WINDOWS);
        assertThat(log.words("feature-drift").getLast()).isEqualTo("failed");
        assertThat(log.alerts()).contains("feature-drift firing");
    }

    @Test
    void anAlertOfARuleThatIsNoLongerJudgedStandsNoLonger() {
        WatchedLog log = new WatchedLog("silence: 2m");
        log.window(Traffic.USUAL);
        for (int window = 0; window < 4; window++) {
            log.window();
        }
        assertThat(log.alerts()).contains("silence firing");
        assertThat(log.standing()).containsExactly("risk.v1 silence");

        log.restartWith("");

        assertThat(log.standing()).isEmpty();
    }

    @Test
    void aVersionWithATrainingProfileIsComparedWithItFromTheFirstWindowOn() {
        WatchedLog log = new WatchedLog("maximum-age: 10m");
        log.trained =
                _ ->
                        new TrainedVersion(
                                Optional.of(profile("a", 2)),
                                Optional.of(profile("probability", 2)),
                                OptionalLong.of(WatchedLog.BEGIN),
                                OptionalLong.empty());

        log.window(Traffic.USUAL);

        assertThat(log.words("feature-drift")).containsExactly("failed");
        assertThat(log.words("score-drift")).as("one score of any name").containsExactly("failed");
        assertThat(log.words("age")).containsExactly("passed");
        for (int window = 0; window < 10; window++) {
            log.window(Traffic.USUAL);
        }
        assertThat(log.alerts()).contains("age firing");
    }

    @Test
    void aSlowerAndLargerVersionIsToldFromTheLastOneByAnotherProcessToo() {
        WatchedLog log = new WatchedLog("latency: 1.5");
        log.trained =
                version ->
                        new TrainedVersion(
                                Optional.empty(),
                                Optional.empty(),
                                OptionalLong.empty(),
                                OptionalLong.of(version.equals("risk/1") ? 1_000 : 5_000));
        log.took("risk/1", 1_000, 1);
        log.window(Traffic.USUAL);

        log.restart();
        log.took("risk/2", 1_000, 2);
        log.window(Traffic.USUAL.by("risk/2"));

        assertThat(log.words("latency")).containsExactly("not-judged", "failed");
        assertThat(log.words("memory")).containsExactly("not-judged", "failed");
        assertThat(log.alerts()).contains("latency firing", "memory firing");
    }

    @Test
    void frequentValuesAreWhatTheyWereInATraining() {
        SplittableRandom random = new SplittableRandom(1);
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number("a")));
        for (int row = 0; row < 1_000; row++) {
            sketch.add(row, List.of((float) thirds(random.nextGaussian())));
        }
        WatchedLog log = new WatchedLog("");
        log.grid = WatchingPartitionTest::thirds;
        log.trained =
                _ ->
                        new TrainedVersion(
                                Optional.of(sketch.profile()),
                                Optional.empty(),
                                OptionalLong.empty(),
                                OptionalLong.empty());

        log.window(Traffic.USUAL);
        log.window(Traffic.USUAL);

        assertThat(log.words("feature-drift")).containsExactly("passed", "passed");
    }

    /// -0.3, 0, 0.3, 0.6 …
    private static double thirds(double value) {
        return Math.round(value / 0.3) * 3 / 10.0;
    }

    private static Profile profile(String name, double mean) {
        SplittableRandom random = new SplittableRandom(1);
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number(name)));
        for (int row = 0; row < 1_000; row++) {
            sketch.add(row, List.of(random.nextGaussian() + mean));
        }
        return sketch.profile();
    }

    @Test
    void valuesThatGoMissingAndPredictionsThatFailAreAlertsOfTheirOwn() {
        WatchedLog log = new WatchedLog("");
        log.window(Traffic.USUAL);
        log.window(Traffic.USUAL.absent(0.02));
        assertThat(log.alerts()).isEmpty();

        log.window(Traffic.USUAL.absent(0.3));

        assertThat(log.alerts()).contains("missing-values firing", "failures firing");
        assertThat(WatchedLog.text(log.verdicts("missing-values").getLast(), "note"))
                .startsWith("a: ")
                .contains("percent, 0.0 in the baseline");
        assertThat(log.verdicts("failures").getLast().path("value").asDouble())
                .isBetween(20.0, 40.0);
    }

    @Test
    void predictionsThatComeOutOtherwiseWhenTheyAreMadeAgainAreAnAlert() {
        WatchedLog log = new WatchedLog("");
        List<Integer> made = new ArrayList<>();
        log.again =
                predictions -> {
                    made.add(predictions.size());
                    return Map.of("risk/1", new Recomputed(predictions.size(), 0, "", 3));
                };
        log.window(Traffic.USUAL, Traffic.USUAL.by("risk/2").ofShadow());
        log.window(Traffic.USUAL.absent(1));
        assertThat(log.alerts()).doesNotContain("agreement firing");

        log.again = _ -> Map.of("risk/1", new Recomputed(100, 1, "V/0@7", 0));
        log.window(Traffic.USUAL);

        assertThat(made)
                .as("the newest 100 of each version that have values")
                .containsExactly(200, 0);
        assertThat(log.words("agreement"))
                .containsExactly("passed", "not-judged", "not-judged", "failed");
        assertThat(log.alerts()).contains("agreement firing");
        JsonNode failed = log.verdicts("agreement").getLast();
        assertThat(failed.path("value").asDouble()).isEqualTo(1);
        assertThat(WatchedLog.text(failed, "note")).isEqualTo("first V/0@7");
    }

    @Test
    void noPredictionIsMadeAgainWhereNoneIsWanted() {
        WatchedLog log = new WatchedLog("agreement: 0");
        log.again =
                predictions -> {
                    assertThat(predictions).isEmpty();
                    return Map.of();
                };

        log.window(Traffic.USUAL);

        assertThat(log.verdicts("agreement")).isEmpty();
    }

    @Test
    void silenceIsAnAlertWhereItIsAskedFor() {
        WatchedLog log = new WatchedLog("silence: 90s");
        log.window(Traffic.USUAL);
        log.window(Traffic.USUAL);

        log.window();
        assertThat(log.alerts()).as("a minute of silence").isEmpty();
        log.window();
        assertThat(log.alerts()).containsExactly("silence firing");
        log.restart();
        log.window();
        assertThat(log.alerts()).containsExactly("silence firing");
        log.window(Traffic.USUAL);
        assertThat(log.alerts()).containsExactly("silence firing", "silence resolved");
    }

    @Test
    void tooFewRowsAreNotJudged() {
        WatchedLog log = new WatchedLog("");
        log.window(Traffic.USUAL);

        log.window(Traffic.USUAL.rows(100).shifted(5));

        assertThat(log.alerts()).isEmpty();
        assertThat(log.words("feature-drift").getLast()).isEqualTo("not-judged");
        assertThat(WatchedLog.text(log.verdicts("feature-drift").getLast(), "note"))
                .isEqualTo("100 rows are fewer than 200");
    }

    @Test
    void aVersionThatTakesOverHasABaselineOfItsOwn() {
        WatchedLog log = new WatchedLog("");
        log.window(Traffic.USUAL);
        log.window(Traffic.USUAL);

        log.window(Traffic.USUAL.by("risk/2").shifted(2));
        log.window(Traffic.USUAL.by("risk/2").shifted(2));

        assertThat(log.words("feature-drift"))
                .containsExactly("not-judged", "passed", "not-judged", "passed");
        log.window(Traffic.USUAL.by("risk/1"));
        assertThat(log.words("feature-drift").getLast()).isEqualTo("passed");
    }

    @Test
    void aShadowIsJudgedAndRaisesNoAlert() {
        WatchedLog log = new WatchedLog("");
        Traffic shadow = Traffic.USUAL.by("risk/2").ofShadow();
        log.window(Traffic.USUAL, shadow);

        log.window(Traffic.USUAL, shadow.shifted(3));

        assertThat(log.alerts()).isEmpty();
        List<String> ofShadow = new ArrayList<>();
        for (JsonNode verdict : log.verdicts("score-drift")) {
            if (WatchedLog.text(verdict, "version").equals("risk/2")) {
                ofShadow.add(WatchedLog.text(verdict, "verdict"));
            }
        }
        assertThat(ofShadow).containsExactly("not-judged", "failed");
    }

    @Test
    void anAlertThatIsTakenUpIsAcknowledgedOnce() {
        WatchedLog log = new WatchedLog("");
        log.window(Traffic.USUAL);
        log.window(Traffic.USUAL.shifted(2));
        byte[] command =
                "{\"contract\":\"risk.v1\",\"kind\":\"acknowledge\",\"rule\":\"feature-drift\"}"
                        .getBytes(UTF_8);

        log.take(command);
        log.take(command);
        log.restart();
        log.window(Traffic.USUAL.shifted(2));

        assertThat(log.alerts())
                .containsExactly(
                        "feature-drift firing", "score-drift firing", "feature-drift acknowledged");
    }

    @Test
    void whatCannotBeReadIsTriedAgain() {
        WatchedLog log = new WatchedLog("");
        log.window(Traffic.USUAL);
        log.drive(Traffic.USUAL.shifted(2));
        log.away(true);
        assertThatThrownBy(log::judge).isInstanceOf(LogUnavailable.class);

        log.away(false);
        log.judge();

        assertThat(log.alerts()).contains("feature-drift firing");
    }

    @Test
    void lateLabelsTellHowManyAlarmsWereRightAndHowManyEventsWereForetold() {
        WatchedLog log =
                new WatchedLog(
                        """
                        labels:
                          contract: readings
                          when: event.a > 90.0
                          within: 90s
                          alarm: 0.8
                          precision: 0.5
                          recall: 0.5
                        """);
        long begin = log.nowMillis();
        for (int car = 0; car < 10; car++) {
            log.foretell("car-" + car, 0.9, begin + 30_000);
            log.foretell("quiet-" + car, 0.1, begin + 31_000);
        }
        log.window();
        for (int car = 0; car < 8; car++) {
            log.happen("car-" + car, begin + 70_000);
        }
        log.window();
        log.window();
        assertThat(log.verdicts("precision")).as("labels are still to come").isEmpty();
        log.window();

        assertThat(log.words("precision")).containsExactly("passed");
        assertThat(log.verdicts("precision").getFirst().path("value").asDouble()).isEqualTo(0.8);
        assertThat(log.words("recall")).containsOnly("not-judged");

        log.restart();
        log.window();

        assertThat(log.words("recall").getLast())
                .as("alarms of the window before")
                .isEqualTo("passed");
        assertThat(log.verdicts("recall").getLast().path("value").asDouble()).isEqualTo(1);
        assertThat(log.verdicts("recall").getLast().path("rows").asInt()).isEqualTo(8);
        assertThat(log.alerts()).isEmpty();
    }

    @Test
    void alarmsThatAreWrongAndEventsThatNobodyForetoldAreAlerts() {
        WatchedLog log =
                new WatchedLog(
                        """
                        labels: {when: event.a > 90.0, within: 30s, precision: 0.5, recall: 0.5}
                        """);
        for (int car = 0; car < 10; car++) {
            log.foretell("car-" + car, 0.9, log.nowMillis() + 10_000);
            log.happen("other-" + car, log.nowMillis() + 20_000);
        }
        log.window();
        log.window();
        log.window();

        assertThat(log.alerts()).containsExactly("precision firing", "recall firing");
    }
}
