package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Optional;
import java.util.UUID;
import leat.stream.collector.access.Access.Admission;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import org.jspecify.annotations.Nullable;

/// Decides on a CONNECT.
final class ConnectCheck {

    /// What a client id may have at most.
    static final int MAX_CLIENT_ID_CHARS = 256;

    /// Wills are held as long as their connections last.
    private static final int MAX_WILL_BYTES = 4 << 10;

    private final MqttConnection.Door door;
    private final Credentials shown;
    private final MqttConnectVariableHeader header;
    private final MqttConnectPayload payload;
    private final MqttVersion version;

    /// The answer to a CONNECT.
    sealed interface Result {}

    record Accepted(Session session, MqttMessage answer) implements Result {}

    /// @param word why, for counts
    record Refused(String word, MqttMessage answer) implements Result {}

    private static final class Refusal extends Exception {
        private final transient Refused refused;

        Refusal(Refused refused) {
            super(refused.word(), null, false, false);
            this.refused = refused;
        }
    }

    private ConnectCheck(MqttConnection.Door door, Credentials shown, MqttConnectMessage message) {
        this.shown = shown;
        this.door = door;
        this.header = message.variableHeader();
        this.payload = message.payload();
        this.version = MqttVersion.fromProtocolNameAndLevel(header.name(), (byte) header.version());
    }

    /// @param shown by the client when it connected, for a CONNECT without a key
    static Result of(MqttConnectMessage message, Credentials shown, MqttConnection.Door door) {
        try {
            return new ConnectCheck(door, shown, message).accepted();
        } catch (Refusal e) {
            return e.refused;
        }
    }

    /// The answer to a CONNECT that could not be read; empty where the protocol has none.
    static Optional<Refused> undecodable(Throwable cause) {
        return switch (cause) {
            case MqttUnacceptableProtocolVersionException _ ->
                    Optional.of(
                            new Refused(
                                    "protocol-version",
                                    Replies.refused(
                                            MqttConnectReturnCode
                                                    .CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
                                            false,
                                            "")));
            case MqttIdentifierRejectedException _ ->
                    Optional.of(
                            new Refused(
                                    "client-id",
                                    Replies.refused(
                                            MqttConnectReturnCode
                                                    .CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                                            false,
                                            "")));
            default -> Optional.empty();
        };
    }

    private Accepted accepted() throws Refusal {
        if (header.properties().getProperty(MqttProperties.AUTHENTICATION_METHOD) != null) {
            throw refusal(
                    "authentication-method",
                    MqttConnectReturnCode.CONNECTION_REFUSED_BAD_AUTHENTICATION_METHOD,
                    MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                    "send the API key as the password");
        }
        String given = payload.clientIdentifier() == null ? "" : payload.clientIdentifier();
        if (given.isEmpty() && !isVersion5() && !header.isCleanSession()) {
            throw refusal(
                    "client-id",
                    MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID,
                    MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED,
                    "a client without an id asks for a clean session");
        }
        String clientId = given.isEmpty() ? "leat-" + UUID.randomUUID() : given;
        Caller caller = caller();
        int keepAliveSeconds = keepAliveSeconds();
        Session session =
                new Session(version, clientId, caller, ticks(keepAliveSeconds), will(caller));
        return new Accepted(
                session,
                Replies.accepted(
                        isVersion5()
                                ? properties(given.isEmpty() ? clientId : "", keepAliveSeconds)
                                : MqttProperties.NO_PROPERTIES));
    }

    private boolean isVersion5() {
        return version == MqttVersion.MQTT_5;
    }

    private Caller caller() throws Refusal {
        byte[] password = payload.passwordInBytes();
        Credentials credentials =
                password == null ? shown : new Credentials.Key(new String(password, UTF_8));
        return switch (door.intake().access().admit(DoorKind.MQTT, credentials)) {
            case Admission.Admitted(Caller caller) -> caller;
            case Admission.Denied(Denial denial) -> throw denied(denial);
        };
    }

    private Refusal denied(Denial denial) {
        String words = denial.message() + ": " + denial.remedy();
        return switch (denial.kind()) {
            case UNAUTHENTICATED ->
                    refusal(
                            "unauthenticated",
                            MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USERNAME_OR_PASSWORD,
                            MqttConnectReturnCode.CONNECTION_REFUSED_BAD_USER_NAME_OR_PASSWORD,
                            words);
            case FORBIDDEN ->
                    refusal(
                            "forbidden",
                            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5,
                            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                            words);
        };
    }

    private Session.@Nullable Will will(Caller caller) throws Refusal {
        if (!header.isWillFlag()) {
            return null;
        }
        byte[] message = payload.willMessageInBytes();
        if (message == null || message.length > MAX_WILL_BYTES) {
            throw refusal(
                    "will",
                    MqttConnectReturnCode.CONNECTION_REFUSED_PACKET_TOO_LARGE,
                    MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                    "a will has at most " + MAX_WILL_BYTES + " bytes");
        }
        Optional<MqttRoutes.Destination> found = door.routes().find(payload.willTopic());
        if (found.isEmpty()) {
            throw refusal(
                    "will",
                    MqttConnectReturnCode.CONNECTION_REFUSED_TOPIC_NAME_INVALID,
                    MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                    "the will's topic is none of " + door.routes().shapes());
        }
        MqttRoutes.Destination destination = found.get();
        Optional<Denial> denial = caller.denial(destination.inlet().contract());
        if (denial.isPresent()) {
            throw denied(denial.get());
        }
        return switch (PublishedEvent.of(message, payload.willProperties(), destination)) {
            case PublishedEvent.Usable usable ->
                    new Session.Will(destination.inlet(), usable.event());
            case PublishedEvent.Unusable(String reason) ->
                    throw refusal(
                            "will",
                            MqttConnectReturnCode.CONNECTION_REFUSED_PAYLOAD_FORMAT_INVALID,
                            MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED,
                            reason);
        };
    }

    /// What holds from now on: clients of MQTT 5 are told, others keep what they asked for.
    private int keepAliveSeconds() {
        int asked = header.keepAliveTimeSeconds();
        int most = Math.toIntExact(door.settings().maxKeepAlive().toSeconds());
        return isVersion5() && (asked == 0 || asked > most) ? most : asked;
    }

    private static int ticks(int keepAliveSeconds) {
        return (int) Math.ceil(1500.0 * keepAliveSeconds / LoopConnections.TICK_MILLIS);
    }

    private MqttProperties properties(String assignedId, int keepAliveSeconds) {
        MqttMessageBuilders.ConnAckPropertiesBuilder properties =
                new MqttMessageBuilders.ConnAckPropertiesBuilder()
                        .receiveMaximum(door.settings().maxInFlight())
                        .maximumPacketSize(door.maxPacketBytes())
                        .sessionExpiryInterval(0)
                        .retainAvailable(false)
                        .wildcardSubscriptionAvailable(false)
                        .subscriptionIdentifiersAvailable(false)
                        .sharedSubscriptionAvailable(false);
        if (keepAliveSeconds != header.keepAliveTimeSeconds()) {
            properties.serverKeepAlive(keepAliveSeconds);
        }
        if (!assignedId.isEmpty()) {
            properties.assignedClientId(assignedId);
        }
        return properties.build();
    }

    private Refusal refusal(
            String word, MqttConnectReturnCode code5, MqttConnectReturnCode code3, String reason) {
        return new Refusal(
                new Refused(
                        word,
                        Replies.refused(
                                isVersion5() ? code5 : code3, isVersion5(), shortened(reason))));
    }

    private static String shortened(String reason) {
        return reason.length() <= 500 ? reason : reason.substring(0, 500);
    }
}
