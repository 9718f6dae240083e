package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import leat.core.event.TopicId;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/// Vectors in Redis. `TOPIC` is a hash: `topic`, the id of the topic that is served; `filling`, see
/// [Filling]; and for each partition the offset up to which it is here. `TOPIC:ENTITY` is a hash:
/// `topic` and `offset`, where the vector stands in the log; `query_time`, microseconds; `vector`,
/// its JSON, absent where the entity was removed.
///
/// Whether a record replaces what is there is decided in Redis, in one step: it must be of the
/// filling that is served, and stand behind what the hash has. So records may be written again,
/// late, and by several loaders at once. Positions are written behind the records, and only onto
/// those that the records follow, so that whatever state Redis comes back with, and whoever goes
/// on, its positions are those of its vectors.
final class RedisVectors implements AutoCloseable {

    private static final String SERVE =
            """
            local at = redis.call('HMGET', KEYS[1], 'topic', 'filling')
            if at[1] == ARGV[1] and at[2] then return at[2] end
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'topic', ARGV[1], 'filling', ARGV[2])
            return ARGV[2]
            """;
    private static final byte[] REPLACE =
            """
            if redis.call('HGET', KEYS[2], 'filling') ~= ARGV[1] then return -1 end
            local at = redis.call('HMGET', KEYS[1], 'topic', 'offset')
            if at[1] == ARGV[2] and tonumber(at[2]) >= tonumber(ARGV[3]) then return 0 end
            redis.call('HSET', KEYS[1], 'topic', ARGV[2], 'offset', ARGV[3])
            if ARGV[5] then
              redis.call('HSET', KEYS[1], 'query_time', ARGV[4], 'vector', ARGV[5])
              redis.call('PERSIST', KEYS[1])
            else
              redis.call('HDEL', KEYS[1], 'query_time', 'vector')
              redis.call('EXPIRE', KEYS[1], ARGV[4])
            end
            return 1
            """
                    .getBytes(UTF_8);
    private static final byte[] ADVANCE =
            """
            local at = redis.call('HMGET', KEYS[1], 'filling', ARGV[2])
            local position = tonumber(at[2] or '0')
            if at[1] ~= ARGV[1] or position < tonumber(ARGV[3]) then return -1 end
            if position >= tonumber(ARGV[4]) then return 0 end
            redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
            return 1
            """
                    .getBytes(UTF_8);
    private static final long LOST = -1;
    private static final String TOPIC_FIELD = "topic";
    private static final String FILLING_FIELD = "filling";
    private static final byte[][] FIELDS = {
        TOPIC_FIELD.getBytes(UTF_8), "query_time".getBytes(UTF_8), "vector".getBytes(UTF_8)
    };
    private static final int SCANNED_AT_ONCE = 1_000;

    /// For so long it is remembered that an entity was removed: longer than a loader can hold on to
    /// an older record.
    private static final Duration REMOVALS = Duration.ofDays(1);

    private static final int CONNECTIONS = 32;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final Duration CONNECTION_WAIT = Duration.ofSeconds(1);

    private final JedisPooled redis;

    RedisVectors(OnlineSettings settings, Optional<String> password) {
        URI address = URI.create(settings.redis().orElseThrow());
        String path = address.getPath().replace("/", "");
        DefaultJedisClientConfig.Builder client =
                DefaultJedisClientConfig.builder()
                        .connectionTimeoutMillis(TIMEOUT_MILLIS)
                        .socketTimeoutMillis(TIMEOUT_MILLIS)
                        .database(path.isEmpty() ? 0 : Integer.parseInt(path))
                        .ssl(address.getScheme().equals("rediss"))
                        .clientName("leat");
        settings.user().ifPresent(client::user);
        password.ifPresent(client::password);
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(CONNECTIONS);
        pool.setMaxIdle(CONNECTIONS);
        pool.setMaxWait(CONNECTION_WAIT);
        pool.setJmxEnabled(false);
        int port = address.getPort() < 0 ? Protocol.DEFAULT_PORT : address.getPort();
        redis = new JedisPooled(new HostAndPort(address.getHost(), port), client.build(), pool);
    }

    /// What Redis was begun to be filled with, until it loses that or serves another topic.
    ///
    /// @param id told by whoever began
    record Filling(TopicId topic, String id) {}

    /// Begins to serve a topic, or goes on with it. What Redis has of earlier topics of that name
    /// is removed.
    ///
    /// @throws StoreFailed when Redis does not do so; so do the other methods
    Filling serve(String topic, TopicId id) {
        return asked(() -> {
            String own = UUID.randomUUID().toString();
            Object served = redis.eval(SERVE, List.of(topic), List.of(id.value(), own));
            if (served.equals(own)) {
                removeAllBut(topic, Optional.of(id.value()));
            }
            return new Filling(id, served.toString());
        });
    }

    /// Whether Redis still has that filling.
    boolean serves(String topic, Filling filling) {
        return asked(() -> filling.id().equals(redis.hget(topic, FILLING_FIELD)));
    }

    private void removeAllBut(String topic, Optional<String> id) {
        ScanParams ours = new ScanParams().match(topic + ":*").count(SCANNED_AT_ONCE);
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> found = redis.scan(cursor, ours);
            for (String key : found.getResult()) {
                if (id.isEmpty() || !id.get().equals(redis.hget(key, TOPIC_FIELD))) {
                    redis.unlink(key);
                }
            }
            cursor = found.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
    }

    /// Removes all that Redis has of a topic.
    void remove(String topic) {
        asked(() -> {
            redis.unlink(topic);
            removeAllBut(topic, Optional.empty());
            return topic;
        });
    }

    /// How far each partition of the topic is here.
    Map<Integer, Long> positions(String topic) {
        return asked(() -> {
            Map<Integer, Long> positions = new HashMap<>();
            redis.hgetAll(topic)
                    .forEach((field, value) -> {
                        if (!field.equals(TOPIC_FIELD) && !field.equals(FILLING_FIELD)) {
                            positions.put(Integer.parseInt(field), Long.parseLong(value));
                        }
                    });
            return positions;
        });
    }

    /// A record of the topic.
    ///
    /// @param vector empty for a removal
    record Change(ConsumerRecord<byte[], byte[]> record, Optional<StoredVector> vector) {}

    /// A partition was read from one offset up to another.
    record Read(int partition, long from, long to) {}

    /// Brings records of one topic, and then the positions behind them. Where it fails some of the
    /// records may be there.
    ///
    /// @throws FollowerSession.TopicChanged when Redis serves another topic meanwhile, or has lost
    ///   what the records follow
    void write(String topic, Filling filling, List<Change> changes, List<Read> reads) {
        asked(() -> {
            byte[] head = head(topic);
            List<Response<Object>> answers = new ArrayList<>();
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (Change change : changes) {
                    byte[] key = key(head, change.record().key());
                    answers.add(pipeline.eval(REPLACE, 2, arguments(key, topic, filling, change)));
                }
                for (Read read : reads) {
                    answers.add(
                            pipeline.eval(
                                    ADVANCE,
                                    1,
                                    topic.getBytes(UTF_8),
                                    filling.id().getBytes(UTF_8),
                                    number(read.partition()),
                                    number(read.from()),
                                    number(read.to())));
                }
                pipeline.sync();
            }
            if (answers.stream().anyMatch(answer -> answer.get().equals(LOST))) {
                throw lost(topic);
            }
            return filling;
        });
    }

    private static FollowerSession.TopicChanged lost(String topic) {
        return new FollowerSession.TopicChanged("Redis has lost what it had of topic " + topic);
    }

    private static byte[][] arguments(byte[] key, String topic, Filling filling, Change change) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(key);
        arguments.add(topic.getBytes(UTF_8));
        arguments.add(filling.id().getBytes(UTF_8));
        arguments.add(filling.topic().value().getBytes(UTF_8));
        arguments.add(number(change.record().offset()));
        change.vector()
                .ifPresentOrElse(
                        vector -> {
                            arguments.add(number(vector.queryMicros()));
                            arguments.add(vector.json());
                        },
                        () -> arguments.add(number(REMOVALS.toSeconds())));
        return arguments.toArray(byte[][]::new);
    }

    /// One vector an entity, in their order.
    ///
    /// @throws FollowerSession.TopicChanged when Redis does not have that filling any more
    List<Optional<StoredVector>> vectors(String topic, Filling filling, List<String> entities) {
        return asked(() -> {
            byte[] head = head(topic);
            List<Response<List<byte[]>>> answers = new ArrayList<>(entities.size());
            Response<String> present;
            try (AbstractPipeline pipeline = redis.pipelined()) {
                for (String entity : entities) {
                    answers.add(pipeline.hmget(key(head, entity.getBytes(UTF_8)), FIELDS));
                }
                // Behind them: what was lost before they were read is noticed.
                present = pipeline.hget(topic, FILLING_FIELD);
                pipeline.sync();
            }
            if (!filling.id().equals(present.get())) {
                throw lost(topic);
            }
            byte[] served = filling.topic().value().getBytes(UTF_8);
            return answers.stream().map(answer -> vector(served, answer.get())).toList();
        });
    }

    private static Optional<StoredVector> vector(byte[] served, List<byte[]> fields) {
        byte @Nullable [] vector = fields.get(2);
        if (vector == null || !Arrays.equals(served, fields.get(0))) {
            return Optional.empty();
        }
        long queryMicros = Long.parseLong(new String(fields.get(1), UTF_8));
        return Optional.of(StoredVector.of(queryMicros, vector));
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (JedisException e) {
            throw new StoreFailed("Redis does not answer as it should", e);
        }
    }

    /// What the keys of a topic's vectors begin with.
    private static byte[] head(String topic) {
        return (topic + ":").getBytes(UTF_8);
    }

    private static byte[] key(byte[] head, byte[] entity) {
        byte[] key = Arrays.copyOf(head, head.length + entity.length);
        System.arraycopy(entity, 0, key, head.length, entity.length);
        return key;
    }

    private static byte[] number(long value) {
        return Long.toString(value).getBytes(UTF_8);
    }

    @Override
    public void close() {
        redis.close();
    }
}
