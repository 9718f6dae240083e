package leat.examples.connectedcar;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventGenerator;
import org.jspecify.annotations.Nullable;

/// One slice of the fleet, driven round and round: car after car, step after step.
final class FleetFeed implements EventGenerator.Feed {

    private static final double MICROS = TimeUnit.SECONDS.toMicros(1);

    private final EventGenerator.Plan plan;
    private final EventGenerator.Slice slice;
    private final long startMicros;
    private final boolean wholeSeconds;
    private final Physics physics;
    private final Dice dice = new Dice();
    private final Reading reading = new Reading();
    private final JsonBuffer json = new JsonBuffer();
    private final @Nullable Car[] cars;

    private long step;
    private int next;

    FleetFeed(EventGenerator.Plan plan, EventGenerator.Slice slice) {
        this.plan = plan;
        this.slice = slice;
        this.startMicros = ChronoUnit.MICROS.between(Instant.EPOCH, plan.start());
        this.wholeSeconds = plan.secondsPerStep() >= 1;
        this.physics = new Physics(TimeStep.of(plan.secondsPerStep()));
        int rest = plan.sources() - slice.index();
        this.cars = new @Nullable Car[rest <= 0 ? 0 : (rest - 1) / slice.count() + 1];
    }

    @Override
    public long nextTimeMicros() {
        return cars.length == 0 ? Long.MAX_VALUE : startMicros + afterStart();
    }

    /// The microseconds from the start to the next event.
    private long afterStart() {
        double events = (double) step * plan.sources() + index();
        return (long) (events / plan.eventsPerSecond() * MICROS);
    }

    /// The next car, counted from 0 over the whole fleet.
    private int index() {
        return slice.index() + next * slice.count();
    }

    @Override
    public void next(EventGenerator.Sink sink) {
        if (cars.length == 0) {
            throw new IllegalStateException(
                    "slice "
                            + slice.index()
                            + " of "
                            + slice.count()
                            + " has no car: there are only "
                            + plan.sources());
        }
        int index = index();
        long carSeed = Dice.carSeed(plan.seed(), index);
        Car car = cars[next];
        if (car == null) {
            car = physics.make(carSeed, dice);
            cars[next] = car;
        }
        long afterStart = afterStart();
        dice.start(carSeed, step);
        boolean failed = physics.advance(car, dice, (float) (afterStart / MICROS));
        physics.read(car, carSeed, dice, reading);

        long time = written(startMicros + afterStart);
        EventWriter.telemetry(json, time, index + 1, reading);
        sink.accept(FleetGenerator.TELEMETRY, json.bytes(), json.length());
        Failure failure = car.condition;
        if (failed && failure != null) {
            long onset = Math.max(0, written(startMicros + (long) (car.onset * MICROS)));
            EventWriter.failure(json, time, index + 1, failure, onset, car.wheel);
            sink.accept(FleetGenerator.FAILURE, json.bytes(), json.length());
            physics.repair(car, dice);
        }
        if (++next == cars.length) {
            next = 0;
            step++;
        }
    }

    /// The time as the event carries it: whole seconds, as the cars' clocks have them, unless a car
    /// makes several events a second; then they would share one time.
    private long written(long micros) {
        return wholeSeconds ? Math.floorDiv(micros, 1_000_000L) * 1_000_000L : micros;
    }
}
