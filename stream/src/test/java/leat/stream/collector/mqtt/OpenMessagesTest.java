package leat.stream.collector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.mqtt.MqttQoS;
import leat.stream.collector.InFlight;
import leat.stream.collector.mqtt.OpenMessages.Again;
import leat.stream.collector.mqtt.Pending.Fate;
import org.junit.jupiter.api.Test;

final class OpenMessagesTest {

    private static final int PACKET = 7;

    private final InFlight bytes = new InFlight(1_000);
    private final InFlight requests = new InFlight(1_000);
    private final OpenMessages open = new OpenMessages(bytes, requests);

    @Test
    void holdsBackASettledMessageBehindOneThatIsNot() {
        // Given
        Pending first = add(MqttQoS.AT_LEAST_ONCE, 1);
        Pending second = add(MqttQoS.AT_LEAST_ONCE, 2);

        // When
        second.settle(Fate.STORED, "");

        // Then
        assertThat(open.nextSettled()).isNull();
        first.settle(Fate.DEAD, "");
        assertThat(open.nextSettled()).isSameAs(first);
        assertThat(open.nonePending()).isFalse();
        assertThat(open.nextSettled()).isSameAs(second);
        assertThat(open.nextSettled()).isNull();
        assertThat(open.nonePending()).isTrue();
    }

    @Test
    void givesBackWhatAMessageTakesWithItsAcknowledgement() {
        // Given
        Pending first = add(MqttQoS.AT_LEAST_ONCE, 1);
        add(MqttQoS.AT_LEAST_ONCE, 2);
        assertThat(bytes.taken()).isEqualTo(20);
        assertThat(requests.taken()).isEqualTo(2);

        // When
        first.settle(Fate.STORED, "");
        open.nextSettled();

        // Then
        assertThat(bytes.taken()).isEqualTo(10);
        assertThat(requests.taken()).isEqualTo(1);
    }

    @Test
    void givesEverythingBackWhenItIsForgotten() {
        // Given
        add(MqttQoS.EXACTLY_ONCE, 1);
        add(MqttQoS.AT_MOST_ONCE, 0);
        open.awaitRelease(PACKET);

        // When
        open.forget();

        // Then
        assertThat(bytes.taken()).isZero();
        assertThat(requests.taken()).isZero();
        assertThat(open.count()).isZero();
    }

    @Test
    void knowsAMessageOfQos2UntilItIsReleased() {
        // Given
        add(MqttQoS.AT_LEAST_ONCE, PACKET);
        assertThat(open.again(PACKET)).isEqualTo(Again.NO);

        // When
        add(MqttQoS.EXACTLY_ONCE, PACKET);

        // Then
        assertThat(open.again(PACKET)).isEqualTo(Again.PENDING);
        open.awaitRelease(PACKET);
        assertThat(open.again(PACKET)).isEqualTo(Again.UNRELEASED);
        assertThat(open.count()).isEqualTo(3);
        assertThat(open.release(PACKET)).isTrue();
        assertThat(open.release(PACKET)).isFalse();
        assertThat(open.count()).isEqualTo(2);
    }

    private Pending add(MqttQoS qos, int packetId) {
        Pending added = new Pending(qos, packetId, 10);
        open.add(added);
        return added;
    }
}
