package leat.ml.featurestore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class ClaimTest {

    private static final ContractName DRIVING = new ContractName("driving");
    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final TopicId OTHER = new TopicId("BBBBBBBBBBBBBBBBBBBBBB");
    private static final Instant NOW = Instant.parse("2026-11-28T08:00:00Z");

    private static Claim claim(RegisteredViews registered, int version) {
        return Claim.of(
                List.of(DrivingVersions.CARS.definition(version)),
                registered,
                Map.of("driving.v" + version, TOPIC),
                NOW);
    }

    /// What is there once a claim was written, through the bytes of its records.
    private static RegisteredViews after(RegisteredViews before, Claim claim) {
        RegistryRecords records = new RegistryRecords("leat.features");
        before.versions().values().forEach(version -> read(records, records.of(version)));
        before.serving()
                .forEach((view, history) ->
                        read(records, records.of(new ContractName(view), history)));
        claim.versions().forEach(version -> read(records, records.of(version)));
        claim.first().forEach((view, history) -> read(records, records.of(view, history)));
        return records.views();
    }

    private static void read(RegistryRecords records, ProducerRecord<byte[], byte[]> record) {
        records.read(new ConsumerRecord<>("leat.features", 0, 0, record.key(), record.value()));
    }

    private static RegisteredViews serving(RegisteredViews views, ServingTerm... terms) {
        return new RegisteredViews(
                views.versions(), Map.of("driving", new ServingHistory(List.of(terms))));
    }

    @Test
    void theFirstVersionServesAtOnce() {
        RegisteredViews views = after(RegisteredViews.NONE, claim(RegisteredViews.NONE, 3));

        assertThat(views.serving(DRIVING).orElseThrow().terms())
                .containsExactly(new ServingTerm(3, TOPIC, Map.of(), NOW));
        assertThat(views.version(DRIVING, 3).orElseThrow().definition())
                .isEqualTo(DrivingVersions.CARS.text(3));
        assertThat(claim(views, 3).isEmpty()).isTrue();
    }

    @Test
    void aLaterVersionIsRegisteredAndServesNothing() {
        RegisteredViews views = after(RegisteredViews.NONE, claim(RegisteredViews.NONE, 1));

        Claim claim = claim(views, 2);

        assertThat(claim.versions()).extracting(RegisteredView::name).containsExactly("driving.v2");
        assertThat(claim.first()).isEmpty();
        // And the workspace may go back to the version that still serves
        assertThat(claim(after(views, claim), 1).isEmpty()).isTrue();
    }

    @Test
    void aVersionThatWasTakenOverFromIsRefused() {
        RegisteredViews first = after(RegisteredViews.NONE, claim(RegisteredViews.NONE, 1));
        RegisteredViews views =
                serving(
                        after(first, claim(first, 2)),
                        new ServingTerm(1, TOPIC, Map.of(), NOW),
                        new ServingTerm(2, TOPIC, Map.of(0, 7L), NOW));

        assertThatThrownBy(() -> claim(views, 1))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("version 2 of the view has taken over from version 1")
                .extracting(refused -> ((ViewRefused) refused).remedy())
                .asString()
                .contains("the version 3");
        assertThat(FeatureRegistry.objection(DrivingVersions.CARS.flow(2), views)).isEmpty();
    }

    @Test
    void aVersionThatServesOrThatAnotherIsMadeOfIsNotDropped() {
        RegisteredViews views =
                after(
                        RegisteredViews.NONE,
                        Claim.of(
                                DrivingChain.definitions(1),
                                RegisteredViews.NONE,
                                Map.of("driving.v1", TOPIC, "calm.v1", OTHER, "paces.v1", OTHER),
                                NOW));

        assertThatThrownBy(() -> DroppedUse.demandUnused("paces.v1", views))
                .isInstanceOf(ViewRefused.class)
                .hasMessage("paces.v1 is the version that serves");
        // Also once a later version of it serves, as long as others are made of it
        RegisteredViews passed =
                serving(
                        after(views, claim(views, 2)),
                        new ServingTerm(1, TOPIC, Map.of(), NOW),
                        new ServingTerm(2, TOPIC, Map.of(), NOW));
        assertThatThrownBy(() -> DroppedUse.demandUnused("driving.v1", passed))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("is made of driving.v1");
        assertThatThrownBy(() -> DroppedUse.demandUnused("driving.v3", passed))
                .isInstanceOf(ViewRefused.class)
                .hasMessage("no version driving.v3 of a feature view is registered");
    }

    @Test
    void aVersionThatWasDroppedIsNotComputedAgain() {
        RegisteredViews first = after(RegisteredViews.NONE, claim(RegisteredViews.NONE, 1));
        RegisteredViews filled = after(first, claim(first, 2));

        // Given a version that was filled and never served
        RegistryRecords records = new RegistryRecords("leat.features");
        RegisteredView dropped = DroppedUse.demandUnused("driving.v2", filled).droppedAt(NOW);
        read(records, records.of(DRIVING, filled.serving(DRIVING).orElseThrow()));
        read(records, records.of(dropped));
        RegisteredViews views = records.views();

        // Then
        assertThat(views.version(DRIVING, 2)).contains(dropped);
        assertThatThrownBy(() -> claim(views, 2))
                .isInstanceOf(ViewRefused.class)
                .hasMessageContaining("driving.v2 was dropped at 2026-11-28T08:00:00Z");
        assertThat(DroppedUse.demandUnused("driving.v2", views)).isEqualTo(dropped);
    }

    @Test
    void aViewThatFollowsAnotherIsCountedUpWithIt() {
        RegisteredViews views =
                after(
                        RegisteredViews.NONE,
                        Claim.of(
                                DrivingChain.definitions(1),
                                RegisteredViews.NONE,
                                Map.of("driving.v1", TOPIC, "calm.v1", OTHER, "paces.v1", OTHER),
                                NOW));
        assertThat(views.version(new ContractName("calm"), 1).map(RegisteredView::source))
                .contains("driving.v1");
        assertThat(views.sourcesOfServing(List.of(DRIVING, new ContractName("paces"))))
                .containsExactlyInAnyOrder("drives.v1", "calm.v1", "driving.v1");

        assertThat(Claim.objection(DrivingChain.calm(2).flow(), views)).isEmpty();
        assertThat(Claim.objection(DrivingChain.calm(1, 2).flow(), views))
                .hasValueSatisfying(refused -> {
                    assertThat(refused)
                            .hasMessage(
                                    "features/calm.yaml: the view calm.v1 has run with another"
                                            + " definition, which its vectors and its state are"
                                            + " made by: it has read driving.v1, and would read"
                                            + " driving.v2");
                    assertThat(refused.remedy()).startsWith("count its version up");
                });
    }

    @Test
    void theTextOfAVersionMayChangeWhereItsMeaningDoesNot() {
        RegisteredViews views = after(RegisteredViews.NONE, claim(RegisteredViews.NONE, 1));
        String text = DrivingVersions.CARS.text(1) + "# ours\n";

        Claim claim =
                Claim.of(
                        List.of(new ViewDefinition(DrivingVersions.CARS.flow(1), text)),
                        views,
                        Map.of("driving.v1", OTHER),
                        NOW);

        // Its state is still made of the topic that it was
        assertThat(claim.versions())
                .containsExactly(
                        new RegisteredView(
                                "driving.v1",
                                DrivingVersions.CARS.flow(1).fingerprint(),
                                TOPIC,
                                "drives.v1",
                                text));
    }

    @Test
    void whatAnOlderProgramWroteServesOn() {
        RegistryRecords records = new RegistryRecords("leat.features");
        records.read(
                new ConsumerRecord<>(
                        "leat.features",
                        0,
                        0,
                        "driving.v1".getBytes(UTF_8),
                        ("{\"fingerprint\":\""
                                        + DrivingVersions.CARS.flow(1).fingerprint()
                                        + "\",\"source_topic\":\""
                                        + OTHER
                                        + "\"}")
                                .getBytes(UTF_8)));

        RegisteredViews views = after(records.views(), claim(records.views(), 1));

        assertThat(views.serving(DRIVING).orElseThrow().current())
                .isEqualTo(new ServingTerm(1, OTHER, Map.of(), NOW));
        assertThat(views.version(DRIVING, 1).map(RegisteredView::definition))
                .isEqualTo(Optional.of(DrivingVersions.CARS.text(1)));
    }

    @Test
    void everyEventHasOneServedVersion() {
        ServingHistory history =
                new ServingHistory(List.of(new ServingTerm(1, TOPIC, Map.of(), NOW)))
                        .then(new ServingTerm(2, TOPIC, Map.of(0, 100L, 1, 50L), NOW))
                        .then(new ServingTerm(4, OTHER, Map.of(), NOW));

        assertThat(history.versionAt(TOPIC, 0, 99)).hasValue(1);
        assertThat(history.versionAt(TOPIC, 0, 100)).hasValue(2);
        assertThat(history.versionAt(TOPIC, 1, 50)).hasValue(2);
        assertThat(history.versionAt(OTHER, 0, 0)).hasValue(4);
    }

    @Test
    void soManyTermsAreRemembered() {
        ServingHistory history =
                new ServingHistory(List.of(new ServingTerm(1, TOPIC, Map.of(), NOW)));
        for (int version = 2; version <= 150; version++) {
            history = history.then(new ServingTerm(version, TOPIC, Map.of(), NOW));
        }
        assertThat(history.terms()).hasSize(ServingHistory.MAX_TERMS);
        assertThat(history.terms().getFirst().version()).isEqualTo(51);
    }
}
