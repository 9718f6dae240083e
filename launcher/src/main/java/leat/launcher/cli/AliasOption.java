package leat.launcher.cli;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalInt;
import leat.core.model.AliasMove;
import leat.ml.registry.Promotions;
import leat.ml.scoring.Inference;
import picocli.CommandLine.Option;

/// Which alias a command moves.
public final class AliasOption {

    private static final String DEFAULT = Inference.DEFAULT_ALIAS;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = DEFAULT,
            description = "The alias. Default: ${DEFAULT-VALUE}.")
    private String alias = DEFAULT;

    /// What a move came to, for `--json`.
    ///
    /// @param from the version before; null for none
    /// @param way `on` or `back`
    /// @param position the offset of the record that made it so, in the topic of models
    record Shown(
            String model,
            String alias,
            OptionalInt from,
            int to,
            boolean changed,
            String way,
            Instant at,
            String overruled,
            String because,
            long position) {}

    String alias() {
        return alias;
    }

    /// How a command would go on from there, as it is typed.
    String further(String model, String options) {
        return "leat models rollback "
                + model
                + (alias.equals(DEFAULT) ? "" : " --alias " + alias)
                + options;
    }

    static Shown shown(Promotions.Moved moved) {
        AliasMove move = moved.move();
        return new Shown(
                moved.model(),
                moved.alias(),
                moved.from(),
                move.version(),
                moved.changed(),
                way(move),
                Instant.ofEpochMilli(move.atMillis()),
                move.against(),
                move.because(),
                moved.position());
    }

    static String way(AliasMove move) {
        return move.kind().name().toLowerCase(Locale.ROOT);
    }

    /// The lines that say what was changed.
    static void print(Promotions.Moved moved, Output output) {
        AliasMove move = moved.move();
        output.println(
                moved.model()
                        + "@"
                        + moved.alias()
                        + ": version "
                        + (moved.from().isPresent() ? moved.from().getAsInt() + " → " : "")
                        + move.version()
                        + (moved.from().isPresent() ? "" : ", a new alias"));
        if (!move.against().isEmpty()) {
            output.println("Overruled: " + move.against() + ".");
        }
    }
}
