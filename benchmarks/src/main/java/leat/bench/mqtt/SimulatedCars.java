package leat.bench.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import leat.bench.mqtt.CarsReport.Phase;
import leat.core.event.EventGenerator;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The cars of one process. Events are published when they are due, however slow the answers are,
/// and their latency counts from that moment. Everything happens on one event loop.
final class SimulatedCars implements AutoCloseable {

    private static final int CONNECTING_MOST = 128;
    private static final long RETRY_MILLIS = 500;
    private static final int CARS_AN_ADDRESS = 10_000;
    private static final int FIRST_ADDRESS = 1;
    private static final long TICK_MILLIS = 5;
    private static final long REPORT_MILLIS = 500;
    private static final int EVENTS_A_TICK = 500;
    private static final int MOST_ANSWER_BYTES = 4 << 10;
    private static final int LEAST_KEEP_ALIVE_SECONDS = 900;
    private static final int MOST_KEEP_ALIVE_SECONDS = 65_535;
    private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(10);

    private final CarsOrder order;
    private final Consumer<CarsReport> reports;
    private final EventTopics topics;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final @Nullable CarConnection[] cars;
    private final Histogram histogram = new Histogram(MOST_MICROS, 3);
    private final long epochMicros =
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) - System.nanoTime() / 1_000;

    private Phase phase = Phase.WAITING;
    private int started;
    private int connecting;
    private int open;
    private int drops;
    private int failedConnects;
    private long sent;
    private long acked;
    private long waiting;
    private long ackedInWindow;
    private String lastFailure = "";
    private boolean ending;
    private @Nullable PublishWindow window;
    private EventGenerator.@Nullable Feed feed;
    private int nextCar;

    /// Connects nothing yet.
    ///
    /// @param reports is told at once and then twice a second
    SimulatedCars(CarsOrder order, Consumer<CarsReport> reports) {
        this.order = order;
        this.reports = reports;
        this.topics = new EventTopics(order.topics());
        boolean epoll = Epoll.isAvailable();
        this.group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("cars"),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.loop = group.next();
        this.cars = new @Nullable CarConnection[order.ownCars()];
        this.bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000);
        if (epoll) {
            bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
        }
        loop.execute(this::report);
        every(REPORT_MILLIS, this::report);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
    private void every(long millis, Runnable task) {
        loop.scheduleAtFixedRate(task, millis, millis, TimeUnit.MILLISECONDS);
    }

    /// Starts to connect all cars.
    void connect() {
        loop.execute(() -> {
            phase = Phase.CONNECTING;
            connectMore();
        });
    }

    private void connectMore() {
        while (connecting < CONNECTING_MOST && started < cars.length) {
            connect(started++);
        }
        if (cars.length == 0) {
            phase = Phase.CONNECTED;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the listener is told
    private void connect(int index) {
        CarConnection car = new CarConnection(this, index);
        cars[index] = car;
        connecting++;
        SocketAddress collector = new InetSocketAddress(order.host(), order.port());
        bootstrap
                .clone()
                .handler(new Pipeline(car))
                .connect(collector, sourceAddress(index))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        failedConnect(index, String.valueOf(connected.cause().getMessage()));
                    }
                });
    }

    /// A pair of addresses has 28,000 ports. Linux looks at the even ones first, and with these
    /// used up every further connection costs a walk through all of them: so each 10,000 cars get
    /// an address of their own. Only Linux takes all of 127.0.0.0/8 for this machine.
    private @Nullable SocketAddress sourceAddress(int index) {
        if (!order.host().startsWith("127.") || !Epoll.isAvailable()) {
            return null;
        }
        int blocks = (cars.length + CARS_AN_ADDRESS - 1) / CARS_AN_ADDRESS;
        int block = FIRST_ADDRESS + order.slice() * blocks + index / CARS_AN_ADDRESS;
        return new InetSocketAddress("127.1." + (block >> 8) + "." + (block & 255), 0);
    }

    private static final class Pipeline extends ChannelInitializer<SocketChannel> {
        private final CarConnection car;

        Pipeline(CarConnection car) {
            this.car = car;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new MqttDecoder(MOST_ANSWER_BYTES), MqttEncoder.INSTANCE, car);
        }
    }

    String clientId(int index) {
        return "car-" + (order.slice() + (long) index * order.slices());
    }

    String password() {
        return order.password();
    }

    /// Longer than a car is ever silent, so that none has to send a PINGREQ.
    int keepAliveSeconds() {
        double silence = 2 * order.cars() / order.eventsPerSecond();
        return (int)
                Math.min(MOST_KEEP_ALIVE_SECONDS, LEAST_KEEP_ALIVE_SECONDS + Math.ceil(silence));
    }

    void letIn() {
        connecting--;
        open++;
        connectMore();
        if (open + drops == cars.length && phase == Phase.CONNECTING) {
            phase = Phase.CONNECTED;
            report();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the loop
    private void failedConnect(int index, String why) {
        connecting--;
        failedConnects++;
        lastFailure = why;
        if (!ending) {
            loop.schedule(() -> connect(index), RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /// A connection has ended.
    void ended(CarConnection car, boolean wasLetIn) {
        if (!wasLetIn) {
            failedConnect(car.index(), car.failure());
            return;
        }
        open--;
        waiting -= car.waiting();
        if (!ending) {
            drops++;
            lastFailure = car.failure();
        }
    }

    void acknowledged(long dueMicros) {
        acked++;
        waiting--;
        PublishWindow measured = window;
        if (measured == null) {
            return;
        }
        long now = nowMicros();
        if (measured.measures(dueMicros)) {
            histogram.recordValue(Math.clamp(now - dueMicros, 0, MOST_MICROS));
        }
        if (measured.measures(now)) {
            ackedInWindow++;
        }
    }

    private long nowMicros() {
        return epochMicros + System.nanoTime() / 1_000;
    }

    /// Publishes what falls due in the window, whether all cars are connected or not.
    void publish(PublishWindow wanted) {
        loop.execute(() -> {
            window = wanted;
            EventGenerator.Plan plan =
                    new EventGenerator.Plan(
                            order.seed(),
                            order.cars(),
                            order.eventsPerSecond(),
                            Instant.EPOCH.plus(wanted.startMicros(), ChronoUnit.MICROS));
            feed =
                    EventGenerator.named(order.generator())
                            .open(plan, new EventGenerator.Slice(order.slice(), order.slices()));
            phase = Phase.PUBLISHING;
            every(TICK_MILLIS, this::tick);
        });
    }

    private void tick() {
        EventGenerator.Feed events = feed;
        PublishWindow wanted = window;
        if (events == null || wanted == null || phase != Phase.PUBLISHING) {
            return;
        }
        long now = Math.min(nowMicros(), wanted.endMicros() - 1);
        for (int i = 0; i < EVENTS_A_TICK && events.nextTimeMicros() <= now; i++) {
            publishNext(events);
        }
        boolean over = nowMicros() >= wanted.endMicros() && events.nextTimeMicros() > now;
        if (over && waiting == 0) {
            phase = Phase.SETTLED;
            report();
        }
    }

    private void publishNext(EventGenerator.Feed events) {
        long dueMicros = events.nextTimeMicros();
        CarConnection car = cars[nextCar];
        nextCar = (nextCar + 1) % cars.length;
        events.next((contract, buffer, length) -> {
            if (car == null || !car.isOpen()) {
                return;
            }
            byte[] payload = Arrays.copyOf(buffer, length);
            car.publish(topics.of(contract.value(), payload), payload, dueMicros);
            sent++;
            waiting++;
        });
    }

    private void report() {
        reports.accept(
                new CarsReport(
                        phase,
                        open,
                        drops,
                        failedConnects,
                        sent,
                        acked,
                        ackedInWindow,
                        phase == Phase.SETTLED ? encoded() : "",
                        lastFailure));
    }

    private String encoded() {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(bytes);
        return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
    }

    /// Lets every car say goodbye; returns when all have, or after 10 s.
    void disconnect() {
        loop.submit(
                        () -> {
                            ending = true;
                            for (CarConnection car : cars) {
                                if (car != null && car.isOpen()) {
                                    car.disconnect();
                                }
                            }
                        })
                .awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
