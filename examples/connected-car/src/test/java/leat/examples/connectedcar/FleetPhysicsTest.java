package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two thousand cars for two hours, a step every five seconds: what the signals say of healthy cars
/// and of cars with each condition.
class FleetPhysicsTest {

    private static final int CARS = 2000;
    private static final int STEPS = 1440;
    private static final double STEP_SECONDS = 5;

    /// One reading with what the simulator knew.
    private record Sample(
            Condition condition,
            Phase phase,
            double coolant,
            double speed,
            double vibration,
            double throttle,
            double current,
            double voltage,
            double charge,
            double lowestTyre,
            double tyreSpread,
            double largestShake,
            double smallestShake,
            int firmware) {}

    private enum Condition {
        NONE,
        YOUNG,
        TYRE_LOSS,
        SHOCK_ABSORBER,
        DRIVE_SHAFT,
        ENGINE_OVERHEATING,
        BAD_FIRMWARE
    }

    private static final Map<Condition, List<Sample>> SAMPLES = new EnumMap<>(Condition.class);
    private static final Map<Failure, Integer> FAILURES = new EnumMap<>(Failure.class);
    private static double runningSeconds;

    @BeforeAll
    static void driveTheFleet() {
        Physics physics = new Physics(TimeStep.of(STEP_SECONDS));
        Dice dice = new Dice();
        Reading reading = new Reading();
        for (int index = 0; index < CARS; index++) {
            long seed = Dice.carSeed(42, index);
            Car car = physics.make(seed, dice);
            for (int step = 0; step < STEPS; step++) {
                dice.start(seed, step);
                boolean failed = physics.advance(car, dice, (float) (step * STEP_SECONDS));
                physics.read(car, seed, dice, reading);
                keep(car, reading);
                runningSeconds += car.phase.running() ? STEP_SECONDS : 0;
                Failure failure = car.condition;
                if (failed && failure != null) {
                    FAILURES.merge(failure, 1, Integer::sum);
                    physics.repair(car, dice);
                }
            }
        }
    }

    private static void keep(Car car, Reading reading) {
        Failure failure = car.condition;
        Condition condition = Condition.NONE;
        if (failure != null) {
            // in the first minutes a slow quantity has not yet followed
            condition =
                    car.conditionSeconds < 240
                            ? Condition.YOUNG
                            : Condition.valueOf(failure.name());
        }
        int[] tyres = reading.tyrePressure;
        int low = Math.min(Math.min(tyres[0], tyres[1]), Math.min(tyres[2], tyres[3]));
        int high = Math.max(Math.max(tyres[0], tyres[1]), Math.max(tyres[2], tyres[3]));
        float[] shakes = reading.accelerometer;
        float most = Math.max(Math.max(shakes[0], shakes[1]), Math.max(shakes[2], shakes[3]));
        float least = Math.min(Math.min(shakes[0], shakes[1]), Math.min(shakes[2], shakes[3]));
        SAMPLES.computeIfAbsent(condition, ignored -> new ArrayList<>())
                .add(
                        new Sample(
                                condition,
                                car.phase,
                                reading.coolantTemp,
                                reading.speed,
                                reading.engineVibration,
                                reading.throttle,
                                reading.currentDraw,
                                reading.batteryVoltage,
                                reading.batteryPercentage,
                                low,
                                high - low,
                                most,
                                least,
                                reading.firmware));
    }

    private static List<Sample> running(Condition condition) {
        return SAMPLES.getOrDefault(condition, List.of()).stream()
                .filter(sample -> sample.phase().running())
                .toList();
    }

    private static double mean(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).average().orElseThrow();
    }

    private static double correlation(
            List<Sample> samples, ToDoubleFunction<Sample> a, ToDoubleFunction<Sample> b) {
        double meanA = mean(samples, a);
        double meanB = mean(samples, b);
        double both =
                mean(samples, s -> (a.applyAsDouble(s) - meanA) * (b.applyAsDouble(s) - meanB));
        double varianceA = mean(samples, s -> Math.pow(a.applyAsDouble(s) - meanA, 2));
        double varianceB = mean(samples, s -> Math.pow(b.applyAsDouble(s) - meanB, 2));
        return both / Math.sqrt(varianceA * varianceB);
    }

    @Test
    void everySensorStaysWithinWhatARealOneSays() {
        SAMPLES.values().stream()
                .flatMap(List::stream)
                .forEach(sample -> {
                    assertThat(sample.coolant()).isBetween(14.9, 160.0);
                    assertThat(sample.speed()).isBetween(0.0, 40.0);
                    assertThat(sample.vibration()).isBetween(0.0, 6000.0);
                    assertThat(sample.throttle()).isBetween(0.0, 1.0);
                    assertThat(sample.current()).isBetween(0.0, 60.0);
                    assertThat(sample.voltage()).isBetween(204.0, 260.0);
                    assertThat(sample.charge()).isBetween(0.0, 1.0);
                    assertThat(sample.lowestTyre()).isBetween(18.0, 35.0);
                    assertThat(sample.largestShake()).isBetween(0.0, 7.0);
                });
    }

    @Test
    void sensorsOfHealthyCarsAreCoupled() {
        List<Sample> healthy = running(Condition.NONE);
        assertThat(correlation(healthy, Sample::speed, Sample::vibration)).isGreaterThan(0.95);
        assertThat(correlation(healthy, Sample::speed, Sample::throttle)).isGreaterThan(0.4);
        assertThat(correlation(healthy, Sample::throttle, Sample::current)).isGreaterThan(0.95);
        assertThat(correlation(healthy, Sample::charge, Sample::voltage)).isGreaterThan(0.95);
        assertThat(correlation(healthy, Sample::speed, Sample::largestShake)).isGreaterThan(0.5);
        assertThat(correlation(healthy, Sample::speed, Sample::lowestTyre)).isGreaterThan(0.3);
    }

    @Test
    void healthyEngineNeverBoils() {
        assertThat(
                        SAMPLES.getOrDefault(Condition.NONE, List.of()).stream()
                                .filter(s -> s.firmware() != 2000))
                .isEmpty();
        assertThat(running(Condition.NONE).stream().filter(s -> s.coolant() > 140).count())
                .isZero();
        assertThat(mean(running(Condition.NONE), Sample::coolant)).isBetween(70.0, 95.0);
    }

    @Test
    void eachConditionShowsInItsSignal() {
        List<Sample> healthy = running(Condition.NONE);
        assertThat(mean(running(Condition.TYRE_LOSS), Sample::tyreSpread))
                .isGreaterThan(mean(healthy, Sample::tyreSpread) + 4);
        assertThat(
                        mean(
                                running(Condition.SHOCK_ABSORBER),
                                s -> s.largestShake() / s.smallestShake()))
                .isGreaterThan(2 * mean(healthy, s -> s.largestShake() / s.smallestShake()));
        assertThat(
                        mean(
                                running(Condition.DRIVE_SHAFT),
                                s -> s.vibration() / (80 + 100 * s.speed())))
                .isGreaterThan(1.12 * mean(healthy, s -> s.vibration() / (80 + 100 * s.speed())));
        assertThat(mean(running(Condition.ENGINE_OVERHEATING), Sample::coolant))
                .isGreaterThan(mean(healthy, Sample::coolant) + 35);
        assertThat(mean(running(Condition.BAD_FIRMWARE), Sample::firmware)).isEqualTo(1000);
        assertThat(mean(running(Condition.BAD_FIRMWARE), s -> s.current() - 42 * s.throttle()))
                .isGreaterThan(mean(healthy, s -> s.current() - 42 * s.throttle()) + 5);
    }

    @Test
    void carsFailAboutOnceInNineRunningHoursInEveryWay() {
        int failures = FAILURES.values().stream().mapToInt(Integer::intValue).sum();
        double expected =
                runningSeconds
                        / (Failure.MEAN_SECONDS_BETWEEN
                                + Failure.MEAN_SECONDS_TO_FAILURE
                                + Failure.SHORTEST_SECONDS);
        assertThat((double) failures).isBetween(0.75 * expected, 1.25 * expected);
        assertThat(FAILURES).hasSize(Failure.values().length);
        assertThat(FAILURES.values()).allMatch(count -> count > failures / 10);
    }

    @Test
    void conditionsAreRare() {
        long sick =
                SAMPLES.entrySet().stream()
                        .filter(e -> e.getKey() != Condition.NONE)
                        .mapToLong(e -> e.getValue().size())
                        .sum();
        assertThat((double) sick / (CARS * STEPS)).isBetween(0.01, 0.04);
    }
}
