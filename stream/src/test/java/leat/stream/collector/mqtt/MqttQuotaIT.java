package leat.stream.collector.mqtt;

import static leat.stream.collector.CollectorFixture.CLICKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Denial;
import leat.stream.collector.mqtt.Mosquitto.Ended;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.Test;

final class MqttQuotaIT {

    /// Has no quota left at every second try.
    private static final class HesitantCaller implements Caller {

        private final AtomicInteger tries = new AtomicInteger();

        @Override
        public String name() {
            return "hesitant";
        }

        @Override
        public Optional<Denial> denial(Contract contract) {
            return Optional.empty();
        }

        @Override
        public long take(int events, long bytes) {
            return tries.getAndIncrement() % 2 == 0 ? 20 : 0;
        }
    }

    @Test
    void holdsBackWhatIsBeyondTheQuotaAndStoresItOnceLater() throws IOException {
        // Given
        HesitantCaller caller = new HesitantCaller();
        Access access = (_, _) -> new Access.Admission.Admitted(caller);
        Names names = SharedKafka.freshNames();
        MqttFixture.create(names);
        try (MqttFixture collector = MqttFixture.open(names, access)) {
            // When
            Ended ended =
                    Mosquitto.publishLines(
                            collector.port(),
                            List.of("-q", "1", "-t", "clicks", "-l"),
                            "{\"x\":1}\n{\"x\":2}\n{\"x\":3}\n");

            // Then
            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(collector.raw(CLICKS)).hasSize(3);
            assertThat(caller.tries.get()).isEqualTo(6);
            assertThat(collector.intake().requestsInFlight().taken()).isZero();
            assertThat(collector.intake().bytesInFlight().taken()).isZero();
        }
    }
}
