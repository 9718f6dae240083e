package leat.launcher.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.Names.DeadStage;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.inspect.DeadLetterFilter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which dead letters a command is about; the same for all commands that take many.
final class DeadLetterChoice {

    @Parameters(
            arity = "0..*",
            paramLabel = "CONTRACT-OR-ID",
            description =
                    "A contract, to look at them also a scoring, or ids of dead letters, the first 8"
                            + " characters of them or more, or positions, topic/partition@offset."
                            + " Default: all.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "Only those that died at: collector, enricher, search, lake.")
    private @Nullable DeadStage stage;

    @Option(
            names = "--reason",
            paramLabel = "CODE",
            description = "Only those with this reason, e.g. missing.")
    private @Nullable String reason;

    @Option(
            names = "--field",
            paramLabel = "FIELD",
            description =
                    "Only those with a reason in this field; items of lists as tyres[].pressure.")
    private @Nullable String field;

    @Option(
            names = "--contract-version",
            paramLabel = "VERSION",
            description = "Only those judged by this version of the contract, e.g. 1.2.0.")
    private @Nullable String version;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = PointInTime.class,
            description = "Only newer ones; a time, or how long ago: 15m.")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = PointInTime.class,
            description = "Only older ones; a time, or how long ago: 15m.")
    private @Nullable Instant until;

    /// The contracts that are named, of events and of predictions, else all.
    ///
    /// @throws UserError when there is no such contract, or a feature view is named
    List<Contract> contracts(Workspace workspace) {
        List<Contract> named = named(workspace).map(StreamChoice.Chosen::contract).toList();
        return named.isEmpty() ? all(workspace) : named;
    }

    /// All that can have dead letters.
    static List<Contract> all(Workspace workspace) {
        return Stream.concat(workspace.contracts().all().stream(), workspace.predictions().stream())
                .toList();
    }

    /// Those of them whose dead letters can come back: of events.
    ///
    /// @throws UserError when another one is named
    List<Contract> returning(Workspace workspace) {
        List<Contract> named =
                named(workspace)
                        .map(chosen -> {
                            if (chosen.records() == StreamChoice.Records.PREDICTIONS) {
                                throw new UserError(
                                        "dead predictions do not come back: "
                                                + chosen.contract().nameAndMajor()
                                                + " is a scoring",
                                        "look at them with leat dead list; the predictions are in"
                                                + " the lake and in SQL all the same");
                            }
                            return chosen.contract();
                        })
                        .toList();
        return named.isEmpty() ? workspace.contracts().all() : named;
    }

    private Stream<StreamChoice.Chosen> named(Workspace workspace) {
        StreamChoice choice = new StreamChoice(workspace);
        return names.stream()
                .filter(name -> !isId(choice, name))
                .map(choice::require)
                .map(chosen -> {
                    if (chosen.records() == StreamChoice.Records.VECTORS) {
                        throw new UserError(
                                "the vectors of "
                                        + chosen.contract().nameAndMajor()
                                        + " have no dead letters: the log has all that are written,"
                                        + " and the lake counts and logs what it cannot take",
                                "name the contract of the view's events, or a scoring");
                    }
                    return chosen;
                });
    }

    DeadLetterFilter filter(Workspace workspace) {
        StreamChoice choice = new StreamChoice(workspace);
        return new DeadLetterFilter(
                Optional.ofNullable(stage),
                Optional.ofNullable(reason),
                Optional.ofNullable(field),
                Optional.ofNullable(version),
                Optional.ofNullable(since),
                Optional.ofNullable(until),
                names.stream().filter(name -> isId(choice, name)).toList());
    }

    private static boolean isId(StreamChoice choice, String name) {
        boolean looksLikeOne = name.contains("@") || name.matches("[0-9a-f]{8,32}");
        return looksLikeOne && choice.find(name).isEmpty();
    }
}
