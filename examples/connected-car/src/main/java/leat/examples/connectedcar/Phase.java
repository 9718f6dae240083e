package leat.examples.connectedcar;

/// What a car is doing. A phase lasts an exponentially distributed time, then the table below says
/// what follows.
enum Phase {
    PARKED(900, 0, 0),
    CITY(60, 6, 14),
    STOPPED(15, 0, 0),
    COUNTRY(300, 16, 25),
    MOTORWAY(900, 27, 38),
    /// Being repaired after a failure; parked, in the signals.
    WORKSHOP(1200, 0, 0);

    private static final Phase[] AFTER_CITY = {
        STOPPED, STOPPED, STOPPED, STOPPED, COUNTRY, COUNTRY, MOTORWAY, PARKED
    };
    private static final Phase[] AFTER_COUNTRY = {CITY, CITY, COUNTRY, MOTORWAY};
    private static final Phase[] AFTER_MOTORWAY = {COUNTRY, CITY, MOTORWAY, STOPPED};
    private static final Phase[] AT_START = {
        PARKED, PARKED, CITY, CITY, STOPPED, COUNTRY, COUNTRY, MOTORWAY
    };

    private final float meanSeconds;
    private final float slowest;
    private final float fastest;

    Phase(float meanSeconds, float slowest, float fastest) {
        this.meanSeconds = meanSeconds;
        this.slowest = slowest;
        this.fastest = fastest;
    }

    boolean running() {
        return this != PARKED && this != WORKSHOP;
    }

    float duration(Dice dice) {
        return dice.exponential(meanSeconds);
    }

    /// A speed in m/s that the driver may want in this phase.
    float wantedSpeed(Dice dice) {
        return slowest == fastest ? slowest : slowest + (fastest - slowest) * (float) dice.unit();
    }

    static Phase first(Dice dice) {
        return pick(AT_START, dice);
    }

    Phase next(Dice dice) {
        return switch (this) {
            case PARKED, STOPPED, WORKSHOP -> CITY;
            case CITY -> pick(AFTER_CITY, dice);
            case COUNTRY -> pick(AFTER_COUNTRY, dice);
            case MOTORWAY -> pick(AFTER_MOTORWAY, dice);
        };
    }

    private static Phase pick(Phase[] phases, Dice dice) {
        return phases[(int) (dice.bits() >>> 61) % phases.length];
    }
}
