package leat.stream.collector.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Tells a connection how many bytes have come, before they are decoded: what the decoder holds of
/// an unfinished message is what has come less what the finished ones had.
final class ReceivedBytes extends ChannelInboundHandlerAdapter {

    private final MqttConnection connection;

    ReceivedBytes(MqttConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        connection.received(((ByteBuf) message).readableBytes());
        ctx.fireChannelRead(message);
    }
}
