package leat.console.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.function.Consumer;
import leat.features.v1.Entity;
import leat.features.v1.GetReply;
import leat.features.v1.Status;
import leat.features.v1.Value;
import leat.features.v1.View;
import leat.features.v1.ViewStatus;
import leat.ml.featurestore.online.EntityStatus;
import leat.ml.featurestore.online.FeatureValue;
import leat.ml.featurestore.online.FoundFeatures;

/// What was found, as clients are told.
final class FeatureReplies {

    private FeatureReplies() {}

    /// The reply.
    ///
    /// @param maxBytes of it
    /// @throws TooLarge as soon as it would have more
    static GetReply of(FoundFeatures found, int maxBytes) throws TooLarge {
        GetReply.Builder reply = GetReply.newBuilder().addAllFeatures(found.features());
        found.views()
                .forEach(view ->
                        reply.addViews(
                                View.newBuilder()
                                        .setName(view.name().value())
                                        .setVersion(view.version())));
        long bytes = reply.buildPartial().getSerializedSize();
        for (int i = 0; i < found.size(); i++) {
            Entity entity = entity(found.entity(i));
            bytes += CodedOutputStream.computeMessageSize(GetReply.ENTITIES_FIELD_NUMBER, entity);
            if (bytes > maxBytes) {
                throw new TooLarge(maxBytes);
            }
            reply.addEntities(entity);
        }
        return reply.build();
    }

    /// The reply would be larger than allowed.
    static final class TooLarge extends Exception {
        TooLarge(int maxBytes) {
            super("the answer is larger than " + maxBytes + " bytes", null, false, false);
        }
    }

    private static Entity entity(FoundFeatures.Entity entity) {
        Entity.Builder answer =
                Entity.newBuilder().setEntity(entity.entity()).setStatus(status(entity.status()));
        time(entity.queryMicros(), answer::setQueryTime);
        entity.values().forEach(value -> answer.addValues(value(value)));
        for (FoundFeatures.OfView view : entity.views()) {
            ViewStatus.Builder status = ViewStatus.newBuilder().setStatus(status(view.status()));
            time(view.queryMicros(), status::setQueryTime);
            answer.addViews(status);
        }
        return answer.build();
    }

    private static Value value(FeatureValue value) {
        Value.Builder answer = Value.newBuilder();
        switch (value) {
            case FeatureValue.Bool(boolean bool) -> answer.setBoolean(bool);
            case FeatureValue.Int(long integer) -> answer.setInteger(integer);
            case FeatureValue.Real(double number) -> answer.setNumber(number);
            case FeatureValue.Text(String text) -> answer.setText(text);
            case FeatureValue.Time(Instant time) -> answer.setTime(timestamp(time));
            case FeatureValue.None(EntityStatus of) ->
                    answer.setNone(of == EntityStatus.PRESENT ? Status.NULL : status(of));
        }
        return answer.build();
    }

    private static Status status(EntityStatus status) {
        return switch (status) {
            case PRESENT -> Status.PRESENT;
            case UNKNOWN_ENTITY -> Status.UNKNOWN_ENTITY;
            case STALE -> Status.STALE;
            case PARTIAL -> Status.PARTIAL;
        };
    }

    private static void time(OptionalLong micros, Consumer<Timestamp> to) {
        micros.ifPresent(
                value -> to.accept(timestamp(Instant.EPOCH.plus(value, ChronoUnit.MICROS))));
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
