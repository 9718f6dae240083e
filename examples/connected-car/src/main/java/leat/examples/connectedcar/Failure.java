package leat.examples.connectedcar;

/// The ways a car fails. Each begins as a condition that shows in the signals, grows while the car
/// is driven, and ends in the failure; `README.md` of the example says what shows.
enum Failure {
    TYRE_LOSS("tyre-loss", true),
    SHOCK_ABSORBER("shock-absorber", true),
    DRIVE_SHAFT("drive-shaft", false),
    ENGINE_OVERHEATING("engine-overheating", false),
    BAD_FIRMWARE("bad-firmware", false);

    /// The running seconds between two onsets of one car, on average: eight hours, far more often
    /// than in life, so that a fleet of thousands shows failures within a minute.
    static final float MEAN_SECONDS_BETWEEN = 8 * 3600f;

    /// The running seconds from onset to failure, on average, beyond [#SHORTEST_SECONDS].
    static final float MEAN_SECONDS_TO_FAILURE = 60f;

    static final float SHORTEST_SECONDS = 480f;

    private static final Failure[] ALL = values();

    private final String word;
    private final boolean ofOneWheel;

    Failure(String word, boolean ofOneWheel) {
        this.word = word;
        this.ofOneWheel = ofOneWheel;
    }

    /// As the label says it, e.g. `tyre-loss`.
    String word() {
        return word;
    }

    /// Whether one of the four wheels is concerned, and not the car as a whole.
    boolean ofOneWheel() {
        return ofOneWheel;
    }

    static Failure any(Dice dice) {
        return ALL[(int) (dice.unit() * ALL.length)];
    }

    /// The share of cars that have a condition at any moment, and so at the start.
    static float shareWithCondition() {
        float lasting = SHORTEST_SECONDS + MEAN_SECONDS_TO_FAILURE;
        return lasting / (lasting + MEAN_SECONDS_BETWEEN);
    }
}
