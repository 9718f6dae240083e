package leat.core.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/// Cars that drive through simulated days, each in its own way and with a memory: what a car says
/// now is much like what it said before. By night few drive, at rush hours they are slower.
final class SimulatedFleet {

    static final List<ProfiledFeature> FEATURES =
            List.of(
                    ProfiledFeature.number("speed"),
                    ProfiledFeature.number("voltage"),
                    ProfiledFeature.number("oil_pressure"),
                    ProfiledFeature.category("gear"));
    static final List<ProfiledFeature> SCORES = List.of(ProfiledFeature.number("risk"));

    private static final int CARS = 300;
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final double MEMORY = 0.95;
    private static final String[] GEARS = {"P", "R", "1", "2", "3", "4", "5"};
    private static final double[] SHARE_BY_HOUR = {
        0.03, 0.02, 0.02, 0.02, 0.03, 0.08, 0.2, 0.4, 0.4, 0.25, 0.2, 0.2, 0.22, 0.2, 0.2, 0.25,
        0.4, 0.42, 0.3, 0.2, 0.15, 0.1, 0.08, 0.05
    };

    private final SplittableRandom random;
    private final List<Car> cars = new ArrayList<>();
    private Fault fault = Fault.NONE;
    private long rows;

    /// What happens to all cars at once.
    enum Fault {
        NONE,
        /// A new sensor says a tenth of a volt too much.
        VOLTAGE_OFF,
        /// One car in six does not say its oil pressure any more.
        PRESSURE_MISSING,
        /// The unit of speed is miles an hour.
        SPEED_IN_MILES
    }

    /// What a car says, and what the model says of it.
    record Row(List<@Nullable Object> features, List<@Nullable Object> scores) {}

    private static final class Car {
        private final double habit;
        private final double battery;
        private double mood;
        private double load;

        Car(double habit, double battery) {
            this.habit = habit;
            this.battery = battery;
        }
    }

    SimulatedFleet(long seed) {
        this.random = new SplittableRandom(seed);
        for (int car = 0; car < CARS; car++) {
            cars.add(new Car(55 + 15 * random.nextGaussian(), 13.6 + 0.06 * random.nextGaussian()));
        }
    }

    void becomes(Fault other) {
        this.fault = other;
    }

    /// Cars drive on.
    ///
    /// @param fromMillis event time
    /// @param sink is given every row with a number that no other has
    void drive(long fromMillis, Duration length, ObjLongConsumer<Row> sink) {
        for (long at = 0; at < length.toMillis(); at += STEP.toMillis()) {
            int hour = (int) Math.floorMod((fromMillis + at) / 3_600_000, 24L);
            for (int car = 0; car < CARS; car++) {
                Car one = cars.get(car);
                one.mood = MEMORY * one.mood + (1 - MEMORY) * 3 * random.nextGaussian();
                one.load = MEMORY * one.load + (1 - MEMORY) * 3 * random.nextGaussian();
                if (random.nextDouble() < SHARE_BY_HOUR[hour]) {
                    sink.accept(row(one, car, hour), rows++);
                }
            }
        }
    }

    private Row row(Car car, int number, int hour) {
        double rush = SHARE_BY_HOUR[hour] >= 0.4 ? 3 : 0;
        double speed = Math.max(0, car.habit - rush + 18 * car.mood + 6 * random.nextGaussian());
        double voltage = car.battery + 0.05 * car.load + 0.05 * random.nextGaussian();
        double pressure = 3.2 + 0.01 * speed + 0.2 * car.load + 0.2 * random.nextGaussian();
        String gear = GEARS[(int) Math.min(6, speed / 16 + random.nextDouble())];
        boolean silent =
                random.nextDouble() < 0.002 || (fault == Fault.PRESSURE_MISSING && number % 6 == 0);
        double said = voltage + (fault == Fault.VOLTAGE_OFF ? 0.1 : 0);
        double shown = fault == Fault.SPEED_IN_MILES ? speed / 1.609 : speed;
        double logit = -3 + 12 * (13.6 - said) + 0.02 * (shown - 55);
        List<@Nullable Object> features = new ArrayList<>();
        features.add(shown);
        features.add(said);
        features.add(silent ? null : (Object) pressure);
        features.add(gear);
        return new Row(features, List.of(1 / (1 + Math.exp(-logit))));
    }
}
