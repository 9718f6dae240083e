package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
                        registered("drives.v1", DrivingVersions.CARS.text(1)),
                        RegisteredViews.NONE);

        assertThat(made.name()).isEqualTo("driving.v1");
        assertThat(made.fingerprint()).isEqualTo(DrivingVersions.CARS.flow(1).fingerprint());
    }

    @Test
    void makesAViewOfViewsOfTheVersionsThatItReads() {
        RegisteredViews all =
                new RegisteredViews(
                        Stream.of(1, 2)
                                .flatMap(version -> DrivingChain.definitions(version).stream())
                                .map(DefinitionReaderTest::registered)
                                .collect(Collectors.toMap(RegisteredView::name, view -> view)),
                        Map.of());
        RegisteredView paces = registered(DrivingChain.paces(1));

        FeatureFlow made = DrivingVersions.DEFINITIONS.flow(paces, all);

        assertThat(made.fingerprint()).isEqualTo(paces.fingerprint());
        assertThat(made.source().nameAndMajor()).isEqualTo("calm.v1");
        assertThat(made.compiled().origin()).isEqualTo(Driving.SOURCE);
        assertThatThrownBy(() -> DrivingVersions.DEFINITIONS.flow(paces, RegisteredViews.NONE))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("the contract or view calm.v1 is not known");
    }

    private static RegisteredView registered(ViewDefinition definition) {
        return new RegisteredView(
                definition.flow().name(),
                definition.flow().fingerprint(),
                new TopicId("AAAAAAAAAAAAAAAAAAAAAA"),
                definition.flow().source().nameAndMajor(),
                definition.text());
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
                                .flow(
                                        registered("drives.v1", DrivingVersions.CARS.text(1)),
                                        RegisteredViews.NONE))
                .isInstanceOf(ViewRefused.class);
    }

    private static void assertRefused(RegisteredView view, String why) {
        assertThatThrownBy(() -> DrivingVersions.DEFINITIONS.flow(view, RegisteredViews.NONE))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("driving.v1 cannot be computed any more")
                .hasMessageContaining(why);
    }
}
