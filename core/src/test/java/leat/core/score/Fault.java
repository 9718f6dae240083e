package leat.core.score;

import java.util.function.Consumer;

/// Something that is broken on purpose.
///
/// @param test what fails by it
/// @param says what the evidence of the failure has
record Fault(String name, ScoreTest test, String says, Consumer<SoundModel> plant) {

    static Fault of(ScoreTest test, String name, String says, Consumer<SoundModel> plant) {
        return new Fault(name, test, says, plant);
    }

    /// One that another value of a metric shows.
    static Fault ofMetric(ScoreTest test, String name, String says, String key, double value) {
        return of(test, name, says, model -> model.metrics.put(key, value));
    }

    @Override
    public String toString() {
        return test.word() + ": " + name;
    }
}
