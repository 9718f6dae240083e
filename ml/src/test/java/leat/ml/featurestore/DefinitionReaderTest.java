package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import leat.core.event.TopicId;
import org.junit.jupiter.api.Test;

final class DefinitionReaderTest {

    private static RegisteredView registered(String source, String definition) {
        return new RegisteredView(
                "driving.v1",
                DrivingVersions.CARS.flow(1).fingerprint(),
                new TopicId("AAAAAAAAAAAAAAAAAAAAAA"),
                source,
                definition);
    }

    @Test
    void makesTheVersionThatWasRegistered() {
        FeatureFlow made =
                DrivingVersions.DEFINITIONS.flow(
                        registered("drives.v1", DrivingVersions.CARS.text(1)));

        assertThat(made.name()).isEqualTo("driving.v1");
        assertThat(made.fingerprint()).isEqualTo(DrivingVersions.CARS.flow(1).fingerprint());
    }

    @Test
    void refusesWhatCannotBeMadeAgain() {
        assertRefused(registered("drives.v1", ""), "an older program");
        assertRefused(
                registered("rides.v1", DrivingVersions.CARS.text(1)), "rides.v1 is not known");
        assertRefused(registered("drives.v1", DrivingVersions.CARS.text(2)), "something else");
        assertRefused(registered("drives.v1", "entity: car\n"), "source");
        assertThatThrownBy(() ->
                        new DefinitionReader(List.of())
                                .flow(registered("drives.v1", DrivingVersions.CARS.text(1))))
                .isInstanceOf(ViewRefused.class);
    }

    private static void assertRefused(RegisteredView view, String why) {
        assertThatThrownBy(() -> DrivingVersions.DEFINITIONS.flow(view))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("driving.v1 cannot be computed any more")
                .hasMessageContaining(why);
    }
}
