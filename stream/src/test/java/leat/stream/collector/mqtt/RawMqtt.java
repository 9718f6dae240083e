package leat.stream.collector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;

/// A client of MQTT 5 written by hand, one thread: QoS 1, no reading beside what is asked for.
final class RawMqtt implements AutoCloseable {

    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int PUBACK = 0x40;
    private static final int DISCONNECT = 0xe0;

    private final Socket socket;
    private final DataInputStream in;
    private final int connectCode;

    /// A PUBACK, or with packet id 0 a DISCONNECT.
    record Answer(int packetId, int code) {}

    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Packet(int type, byte[] body) {}

    /// Connects and reads the CONNACK.
    ///
    /// @param key the password
    RawMqtt(int port, String clientId, Optional<String> key) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port), clientId, key);
    }

    /// The same on a connection that is there.
    RawMqtt(Socket socket, String clientId, Optional<String> key) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        text(body, "MQTT");
        body.writeByte(5);
        body.writeByte(key.isPresent() ? 0x42 : 0x02);
        body.writeShort(60);
        body.writeByte(0);
        text(body, clientId);
        if (key.isPresent()) {
            text(body, key.get());
        }
        send(CONNECT, bytes.toByteArray());
        Packet answer = read();
        if (answer.type() != CONNACK) {
            throw new IOException("packet " + Integer.toHexString(answer.type()));
        }
        connectCode = answer.body()[1] & 0xff;
    }

    int connectCode() {
        return connectCode;
    }

    void publish(String topic, int packetId, String payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bytes);
        text(body, topic);
        body.writeShort(packetId);
        body.writeByte(0);
        body.write(payload.getBytes(UTF_8));
        send(PUBLISH_QOS_1, bytes.toByteArray());
    }

    Answer readAnswer() throws IOException {
        Packet packet = read();
        byte[] body = packet.body();
        return switch (packet.type()) {
            case PUBACK ->
                    new Answer(
                            ((body[0] & 0xff) << 8) | (body[1] & 0xff),
                            body.length > 2 ? body[2] & 0xff : 0);
            case DISCONNECT -> new Answer(0, body.length > 0 ? body[0] & 0xff : 0);
            default -> throw new IOException("packet " + Integer.toHexString(packet.type()));
        };
    }

    private void send(int type, byte[] body) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int length = body.length;
        do {
            int digit = length % 128;
            length /= 128;
            packet.write(length > 0 ? digit | 0x80 : digit);
        } while (length > 0);
        packet.writeBytes(body);
        socket.getOutputStream().write(packet.toByteArray());
    }

    private Packet read() throws IOException {
        int type = in.readUnsignedByte() & 0xf0;
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7f) << shift;
            shift += 7;
        } while ((digit & 0x80) != 0);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(type, body);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
