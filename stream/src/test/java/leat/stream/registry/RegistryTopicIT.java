package leat.stream.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.odcs.OdcsReader;
import leat.core.registry.ContractRegistry;
import leat.core.registry.JsonSchemas;
import leat.core.registry.RegisteredSchema;
import leat.core.registry.Registration;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

final class RegistryTopicIT {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private final Names names = SharedKafka.freshNames();
    private final RegistryTopic topic =
            new RegistryTopic(SharedKafka.connection(), names, () -> NOW);

    @Test
    void theRegistryIsEmptyBeforeItsTopicIsMade() {
        assertThat(topic.read()).isEqualTo(ContractRegistry.EMPTY);
    }

    @Test
    void whatWasRegisteredIsReadAgainAsItWas() {
        makeTopic();

        RegistryTopic.Result result = topic.register(List.of(command("car", "1.0.0")));

        assertThat(topic.read()).isEqualTo(result.registry());
        assertThat(topic.read().subjects()).hasSize(2);
    }

    @Test
    void nothingIsWrittenWhenOneOfTheCommandsIsRefused() {
        makeTopic();
        topic.register(List.of(command("car", "1.1.0")));
        ContractRegistry before = topic.read();

        RegistryTopic.Result result =
                topic.register(List.of(command("bus", "1.0.0"), command("car", "1.0.0")));

        assertThat(result.refused()).isTrue();
        assertThat(topic.read()).isEqualTo(before);
    }

    @Test
    void processesThatRegisterAtTheSameTimeGiveNoIdTwice() throws Exception {
        makeTopic();
        int processes = 4;
        int each = 5;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(processes)) {
            for (int p = 0; p < processes; p++) {
                String name = "car-" + p;
                done.add(
                        threads.submit(() -> {
                            start.await();
                            for (int version = 0; version < each; version++) {
                                topic.register(List.of(command(name, "1." + version + ".0")));
                            }
                            return null;
                        }));
            }
            start.countDown();
            for (Future<?> one : done) {
                one.get();
            }
        }

        ContractRegistry registry = topic.read();
        List<Integer> ids =
                registry.versions().values().stream()
                        .flatMap(version -> version.schemas().stream())
                        .map(RegisteredSchema::id)
                        .toList();
        assertThat(registry.versions()).hasSize(processes * each);
        assertThat(ids).hasSize(2 * processes * each).doesNotHaveDuplicates();
        assertThat(ids.stream().mapToInt(id -> id).max()).hasValue(2 * processes * each);
    }

    private void makeTopic() {
        try (Admin admin = SharedKafka.connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(List.of(TopicSpec.compacted(names.contracts(), 1))));
        }
    }

    private Registration command(String name, String version) {
        String odcs =
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: %s
                version: %s
                status: active
                schema:
                  - name: car
                    properties:
                      - {name: speed, logicalType: integer}
                """
                        .formatted(name, version);
        Contract contract = OdcsReader.read(Path.of(name + ".odcs.yaml"), odcs).orThrow();
        return new Registration(contract, odcs, new JsonSchemas(names).of(contract));
    }
}
