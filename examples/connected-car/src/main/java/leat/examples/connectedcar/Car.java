package leat.examples.connectedcar;

import org.jspecify.annotations.Nullable;

/// What one car carries from one step to the next: 64 bytes, so that a million cars fit anywhere.
/// What never changes (tyres, climate, road) is drawn from the car's seed when needed.
final class Car {

    Phase phase = Phase.PARKED;
    float phaseSecondsLeft;

    float speed;
    float wantedSpeed;
    float coolant;
    float charge;

    /// How far the tyres are warmed, in psi.
    float tyreWarmth;

    @Nullable Failure condition;
    byte wheel;
    float conditionSeconds;
    float conditionLastsSeconds;

    /// When the condition began, in seconds from the plan's start.
    float onset;

    /// How far a condition has grown: 0 when there is none, 0.4 at its onset, 1 at the failure.
    float severity(Failure failure) {
        return condition == failure
                ? Math.min(1, 0.4f + 0.6f * conditionSeconds / conditionLastsSeconds)
                : 0;
    }

    void take(Failure failure, Dice dice, float now) {
        condition = failure;
        wheel = (byte) (failure.ofOneWheel() ? dice.bits() & 3 : 0);
        conditionSeconds = 0;
        conditionLastsSeconds =
                Failure.SHORTEST_SECONDS + dice.exponential(Failure.MEAN_SECONDS_TO_FAILURE);
        onset = now;
    }

    void enter(Phase next, Dice dice) {
        phase = next;
        phaseSecondsLeft = next.duration(dice);
        wantedSpeed = next.wantedSpeed(dice);
    }
}
