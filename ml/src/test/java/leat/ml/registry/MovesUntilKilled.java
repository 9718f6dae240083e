package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.OptionalInt;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.ml.featurestore.UntilKilled;
import leat.stream.log.LogConnection;

/// A process that promotes version after version of the model `cars` in turns, goes back after
/// every third, and writes down which ones it was told are done.
final class MovesUntilKilled {

    private MovesUntilKilled() {}

    /// The version that a move leads to, as its number tells.
    static int version(int number) {
        return isBack(number) ? version(number - 2) : 1 + number % 5;
    }

    static boolean isBack(int number) {
        return number % 4 == 3;
    }

    /// Never returns.
    ///
    /// @param args the broker, the prefix, the file of what is done, and the first number
    public static void main(String[] args) throws IOException {
        Path done = Path.of(args[2]);
        LogConnection log = new LogConnection(args[0]);
        Names names = new Names(args[1]);
        RegistryLog registry = new RegistryLog(log, names, InstantSource.system());
        try (registry;
                ModelsInLog models = new ModelsInLog(log, names)) {
            Promotions promotions = new Promotions(registry, models);
            for (int number = Integer.parseInt(args[3]); ; number++) {
                Promotions.Will will = new Promotions.Will(false, Integer.toString(number));
                if (isBack(number)) {
                    promotions.rollback("cars", "champion", OptionalInt.empty(), will);
                } else {
                    promotions.promote(
                            new ModelReference.Numbered("cars", version(number)), "champion", will);
                }
                Files.writeString(
                        done,
                        number + "\n",
                        UTF_8,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }

    /// @param failPoint that it halts at
    static Process start(String failPoint, Names names, Path done, int first) throws IOException {
        return UntilKilled.start(MovesUntilKilled.class, failPoint, names, done, first);
    }
}
