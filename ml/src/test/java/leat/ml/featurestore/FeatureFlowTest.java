package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Expectation;
import leat.core.contract.FieldPath;
import leat.core.contract.Measure;
import leat.core.contract.Quality;
import leat.core.contract.QualityRule;
import leat.core.event.Names;
import leat.core.yaml.Location;
import org.junit.jupiter.api.Test;

final class FeatureFlowTest {

    private static final Names NAMES = new Names("leat");

    @Test
    void namesAndPartitionsComeFromTheViewAndItsSource() {
        assertThat(Driving.FLOW.application(NAMES)).isEqualTo("leat.features.driving.v1");
        assertThat(Driving.FLOW.topics(NAMES))
                .extracting(spec -> spec.name() + " " + spec.partitions())
                .containsExactly("leat.vectors.driving.v1 3", "leat.latest.driving.v1 3");
    }

    @Test
    void aViewOfAnotherKeyHasATopicOfItsOwnForItsEvents() {
        assertThat(Driving.FLOW.input(NAMES)).isEqualTo("leat.enriched.drives.v1");
        assertThat(Driving.ROADS.input(NAMES)).isEqualTo("leat.rekeyed.roads.v1");
        assertThat(Driving.ROADS.topics(NAMES))
                .extracting(spec -> spec.name() + " " + spec.partitions())
                .containsExactly(
                        "leat.rekeyed.roads.v1 3",
                        "leat.vectors.roads.v1 3",
                        "leat.latest.roads.v1 3");
    }

    @Test
    void aViewOfAViewReadsItsVectors() {
        FeatureFlow calm = DrivingChain.calm(2).flow();
        FeatureFlow paces = DrivingChain.paces(2).flow();

        assertThat(calm.sourceTopic(NAMES)).isEqualTo("leat.vectors.driving.v2");
        assertThat(calm.input(NAMES)).isEqualTo("leat.vectors.driving.v2");
        assertThat(paces.sourceTopic(NAMES)).isEqualTo("leat.vectors.calm.v2");
        assertThat(paces.input(NAMES)).isEqualTo("leat.rekeyed.paces.v2");
        assertThat(paces.topics(NAMES)).allMatch(spec -> spec.partitions() == 3);
    }

    @Test
    void fingerprintTellsOtherValuesButNotOtherWords() {
        FeatureFlow reworded = Driving.flow(Driving.view(1, "event.speed", "Said otherwise"));
        assertThat(reworded.fingerprint()).isEqualTo(Driving.FLOW.fingerprint());
        Quality expected =
                new Quality(
                        List.of(
                                new QualityRule(
                                        "road-nullvalues",
                                        "road nullValues",
                                        "road",
                                        new Measure.NullValues(FieldPath.parse("road")),
                                        Expectation.of(Expectation.Operator.BE, 0),
                                        false,
                                        Duration.ofMinutes(1),
                                        false,
                                        Optional.empty(),
                                        Location.startOf(Path.of("driving.yaml")))),
                        List.of());
        FeatureFlow expecting = new FeatureFlow(Driving.FLOW.compiled().expecting(expected));
        assertThat(expecting.vectors().quality()).isEqualTo(expected);
        assertThat(expecting.fingerprint()).isEqualTo(Driving.FLOW.fingerprint());
        assertThat(Driving.flow(1, "event.speed * 2.0").fingerprint())
                .isNotEqualTo(Driving.FLOW.fingerprint());
    }
}
