package leat.examples.connectedcar;

/// How a car moves on by one step and what its sensors then say. Simple first-order models, coupled
/// as in life: the driver's wish moves the throttle, the throttle moves air, current and speed,
/// speed moves vibration, tyres and chassis, and load warms the engine.
final class Physics {

    static final int FIRMWARE = 2000;
    static final int BAD_FIRMWARE = 1000;

    private static final float TOP_SPEED = 38;
    private static final float WORKSHOP_COOLANT = 60;
    private static final float CELL_AMPERE_SECONDS = 400_000;

    private final TimeStep step;

    Physics(TimeStep step) {
        this.step = step;
    }

    /// A car somewhere in its day; some have a condition already.
    Car make(long carSeed, Dice dice) {
        dice.start(carSeed, -1);
        Car car = new Car();
        car.enter(Phase.first(dice), dice);
        car.speed = car.wantedSpeed;
        car.charge = 0.3f + 0.65f * (float) dice.unit();
        float ambient = ambient(carSeed);
        float warm =
                car.phase.running()
                        ? 0.7f + 0.3f * (float) dice.unit()
                        : (float) StrictMath.exp(-dice.exponential(900) / TimeStep.COOL_DOWN);
        car.coolant = ambient + warm * (88 - ambient);
        car.tyreWarmth = warm * car.speed / TOP_SPEED * 2.4f;
        if (dice.unit() < Failure.shareWithCondition()) {
            car.take(Failure.any(dice), dice, 0);
            car.conditionSeconds = car.conditionLastsSeconds * (float) dice.unit();
            car.onset = -car.conditionSeconds;
        }
        return car;
    }

    /// Moves the car on to `now` (seconds from the start) and tells whether its condition has ended
    /// in the failure.
    boolean advance(Car car, Dice dice, float now) {
        car.phaseSecondsLeft -= step.seconds();
        if (car.phaseSecondsLeft <= 0) {
            car.enter(car.phase.next(dice), dice);
        }
        if (!car.phase.running()) {
            car.wantedSpeed = 0;
            return false;
        }
        long chances = dice.bits();
        if ((chances >>> 40) * 0x1.0p-24f < step.newWish()) {
            car.wantedSpeed = car.phase.wantedSpeed(dice);
        }
        if (car.condition == null) {
            if ((chances & 0xFF_FFFF_FFFFL) * 0x1.0p-40f < step.onset()) {
                car.take(Failure.any(dice), dice, now);
            }
            return false;
        }
        car.conditionSeconds += step.seconds();
        return car.conditionSeconds >= car.conditionLastsSeconds;
    }

    /// The car after its failure: towed, cooled and mended, in the workshop.
    void repair(Car car, Dice dice) {
        car.condition = null;
        car.coolant = Math.min(car.coolant, WORKSHOP_COOLANT);
        car.enter(Phase.WORKSHOP, dice);
    }

    /// Lets speed, heat and charge follow, and reads all sensors.
    void read(Car car, long carSeed, Dice dice, Reading reading) {
        boolean running = car.phase.running();
        float ambient = ambient(carSeed);
        long noise = dice.bits();

        float wish = car.wantedSpeed - car.speed;
        car.speed = Math.max(0, car.speed + wish * step.speed());
        if (car.speed < 0.02f) {
            car.speed = 0;
        }
        float pace = car.speed / TOP_SPEED;
        reading.speed = car.speed;
        reading.throttle =
                running
                        ? clamp(
                                0.03f
                                        + 0.45f * pace * pace
                                        + 0.05f * Math.max(0, wish)
                                        + 0.02f * Dice.unit16(noise, 0),
                                0,
                                1)
                        : 0;

        readBattery(car, running, noise, reading);
        readEngine(car, running, ambient, noise, reading);
        readWheels(car, carSeed, pace, dice.bits(), reading);
    }

    private void readBattery(Car car, boolean running, long noise, Reading reading) {
        float fault = car.severity(Failure.BAD_FIRMWARE);
        reading.firmware = fault > 0 ? BAD_FIRMWARE : FIRMWARE;
        float load = running ? 1.5f + 42 * reading.throttle : 0.1f;
        // bad firmware drives the pumps and heaters all the time
        float extra = running ? 12 * fault : 3 * fault;
        reading.currentDraw = (load + extra) * (0.95f + 0.1f * Dice.unit16(noise, 1));
        if (running) {
            float used = reading.currentDraw * step.seconds() / CELL_AMPERE_SECONDS;
            car.charge = Math.max(0.02f, car.charge - used);
        } else {
            car.charge += (1 - car.charge) * step.charging();
        }
        reading.batteryPercentage = car.charge;
        reading.batteryVoltage = 208.5f + 50.5f * car.charge - 0.05f * reading.currentDraw;
    }

    private void readEngine(Car car, boolean running, float ambient, long noise, Reading reading) {
        float heat = car.severity(Failure.ENGINE_OVERHEATING);
        if (!running) {
            car.coolant += (ambient - car.coolant) * step.coolDown();
        } else if (heat > 0) {
            car.coolant += (100 + 55 * heat - car.coolant) * step.overheat();
        } else {
            car.coolant += (86 + 8 * reading.throttle - car.coolant) * step.warmUp();
        }
        reading.coolantTemp = car.coolant;
        float soak = Math.max(0, car.coolant - ambient) * 0.1f * (1 - car.speed / TOP_SPEED);
        reading.intakeAirTemp = ambient + Math.min(8, soak);
        reading.intakeAirFlow =
                running ? 4 + 185 * reading.throttle * (0.97f + 0.06f * Dice.unit16(noise, 2)) : 0;
        float idle = running ? 80 : 3;
        float shaft = 1 + 0.5f * car.severity(Failure.DRIVE_SHAFT);
        reading.engineVibration =
                (idle + 100 * car.speed * shaft) * (0.97f + 0.06f * Dice.unit16(noise, 3));
    }

    private void readWheels(Car car, long carSeed, float pace, long noise, Reading reading) {
        car.tyreWarmth += (2.4f * pace - car.tyreWarmth) * step.tyres();
        float road = 0.6f + 0.8f * Dice.unit16(carSeed, 1);
        float shaking = 0.06f + road * (0.3f * Math.min(1, pace * 8) + 0.5f * pace);
        for (int wheel = 0; wheel < 4; wheel++) {
            boolean concerned = car.wheel == wheel;
            float cold = 29.8f + 2 * Dice.unit16(carSeed * 31, wheel);
            float lost = concerned ? 11 * car.severity(Failure.TYRE_LOSS) : 0;
            reading.tyrePressure[wheel] = Math.max(0, (int) (cold + car.tyreWarmth - lost));
            float worn = concerned ? 1 + 4 * car.severity(Failure.SHOCK_ABSORBER) : 1;
            reading.accelerometer[wheel] =
                    Math.min(7, shaking * worn * (0.3f + 0.9f * Dice.unit16(noise, wheel)));
        }
    }

    /// The air around the car, 15 to 31 °C by its climate.
    private static float ambient(long carSeed) {
        return 15 + 16 * Dice.unit16(carSeed, 0);
    }

    private static float clamp(float value, float lower, float upper) {
        return Math.min(upper, Math.max(lower, value));
    }
}
