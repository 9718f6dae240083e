package leat.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contracts;
import leat.core.contract.QualityRule.AlertPolicy;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MonitoringReaderTest {

    private static final Contracts CONTRACTS =
            new Contracts(
                    List.of(
                            OdcsReader.read(
                                            Path.of("readings.odcs.yaml"),
                                            """
                                            apiVersion: v3.1.0
                                            kind: DataContract
                                            id: readings
                                            version: 1.0.0
                                            status: active
                                            schema:
                                              - name: readings
                                                properties:
                                                  - {name: time, logicalType: timestamp, required: true}
                                                  - {name: car, logicalType: string, required: true}
                                                  - {name: a, logicalType: number}
                                                  - {name: broken, logicalType: boolean}
                                            customProperties:
                                              - {property: leat.key, value: car}
                                              - {property: leat.time, value: time}
                                            """)
                                    .orThrow()));

    private static final CompiledView VIEW =
            FeatureViewReader.read(
                            Path.of("driving.yaml"),
                            """
                            entity: car
                            source: readings
                            features: [{name: a, expression: event.a}]
                            """,
                            CONTRACTS)
                    .orThrow();

    private final Problems problems = new Problems();

    /// Labels of the cars that break down.
    static Labels labels(Duration within) {
        return new MonitoringReaderTest()
                .read("labels: {field: broken, within: " + within.toSeconds() + "s}")
                .labels()
                .orElseThrow();
    }

    private Monitoring read(String yaml) {
        return YamlReader.read(Path.of("risk.yaml"), yaml, problems)
                .flatMap(node -> Keys.of(node, "monitoring", problems))
                .map(keys ->
                        MonitoringReader.read(
                                keys,
                                new MonitoringReader.Subject(
                                        VIEW, List.of("score"), new Checked.Sound<>(CONTRACTS))))
                .orElseThrow();
    }

    @Test
    void whatIsNotWrittenIsTheDefault() {
        assertThat(read("{}")).isEqualTo(Monitoring.DEFAULT);
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void everyKeyIsRead() {
        Monitoring monitoring =
                read(
                        """
                        window: 15m
                        minimum-rows: 500
                        drift: {psi: 0.5, ks: 0.3, js: 0.1}
                        missing: 10
                        failed: 1
                        agreement: 50
                        silence: 30m
                        maximum-age: 90d
                        latency: 1.5
                        memory: 3
                        severity: error
                        for: 2
                        resolve-after: 3
                        """);

        assertThat(monitoring)
                .isEqualTo(
                        new Monitoring(
                                Duration.ofMinutes(15),
                                500,
                                new Drift.Limits(0.5, 0.3, 0.1),
                                10,
                                1,
                                50,
                                Optional.of(Duration.ofMinutes(30)),
                                Optional.of(Duration.ofDays(90)),
                                1.5,
                                3,
                                Optional.empty(),
                                new AlertPolicy("error", 2, 3)));
        assertThat(problems.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    window: 2d        | monitoring.window: '2d' is not from 1s to 1d
                    minimum-rows: 5   | monitoring.minimum-rows: '5' is not a whole number from 20
                    agreement: 1001   | monitoring.agreement: '1001' is not a whole number from 0
                    drift: {psi: 0}   | monitoring.drift.psi: 0.0 is not above 0 and at most 1
                    drift: {ks: 2}    | monitoring.drift.ks: 2.0 is not above 0 and at most 1
                    drift: {psy: 1}   | monitoring.drift.psy
                    latency: 1        | monitoring.latency: 1.0 is not above 1 and at most 1000
                    memory: 0.5       | monitoring.memory: 0.5 is not above 1 and at most 1000
                    severity: bad     | there is no severity 'bad'
                    silent: 1h        | monitoring.silent: unknown key
                    labels: {}        | monitoring.labels.within: is missing
                    labels: {within: 1h} | monitoring.labels.when: is missing
                    labels: {within: 1h, field: broken, when: event.broken} | are both there
                    labels: {within: 1h, when: event.a} | yields no truth
                    labels: {within: 1h, field: broken, output: risk} | no number 'risk'
                    labels: {within: 1h, field: broken, contract: rides} | no contract 'rides'
                    labels: {within: 1h, field: broken, key: a} | of the contract readings is no text
                    labels: {within: 1h, field: broken, recall: 2} | monitoring.labels.recall: 2.0 is not
                    """)
    void whatIsWrongIsSaid(String yaml, String message) {
        Monitoring _ = read(yaml);

        assertThat(problems.list().toString()).contains(message.strip());
    }

    @Test
    void labelsAreRead() {
        Labels labels =
                read("labels: {within: 1h, field: broken, alarm: 0.7, recall: 0.5}")
                        .labels()
                        .orElseThrow();

        assertThat(problems.list()).isEmpty();
        assertThat(labels.contract().name().value()).isEqualTo("readings");
        assertThat(labels.key()).hasToString("car");
        assertThat(labels.output()).isEqualTo("score");
        assertThat(labels.alarm()).isEqualTo(0.7);
        assertThat(labels.recall()).hasValue(0.5);
        assertThat(labels.precision()).isEmpty();
        assertThat(labels.lag(Duration.ofMinutes(25))).isEqualTo(Duration.ofMinutes(100));
    }
}
