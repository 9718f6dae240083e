package leat.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import leat.core.tracking.EntryChecks;

/// An alias to be moved by somebody who means it to be served: other than MLflow's plain setting of
/// an alias, it is not moved to what should not be, unless it is forced.
public sealed interface AliasCommand extends ModelCommand {

    /// Why and how firmly an alias is moved.
    ///
    /// @param id a new one, by which what was done is found
    /// @param force also where something speaks against it
    /// @param because the reason; may be empty
    /// @param against what is known to speak against the version, other than its gates; may be
    ///   empty
    record Wish(String id, boolean force, String because, Optional<String> against) {}

    /// Moves an alias on to a version. Where it is there already, nothing is written.
    record Promote(String name, String alias, int version, Wish wish) implements AliasCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            ModelVersion wanted = VersionCommand.existing(state, name, version);
            return promoting(state, wanted, alias, wish, nowMillis);
        }
    }

    /// What moves an alias on to a version, which may be about to be made; nothing where it is
    /// there already.
    ///
    /// @throws MoveRefused when something speaks against it, and it is not forced
    static List<ModelRecord> promoting(
            ModelFold state, ModelVersion wanted, String alias, Wish wish, long nowMillis) {
        ModelChecks.alias(alias);
        RegisteredModel model = RegisteredModelCommand.existing(state, wanted.modelName());
        Optional<Alias> known = Optional.ofNullable(model.aliases().get(alias));
        if (known.isPresent()
                && (isDone(known.get(), wish) || isAt(known.get(), wanted.info().number()))) {
            return List.of();
        }
        if (known.isEmpty()) {
            ModelLimits.withinLimit(
                    "The aliases of the model", model.aliases().size() + 1L, ModelLimits.ALIASES);
        }
        List<String> against =
                new ArrayList<>(WeightsBase.untried(state, wanted).stream().toList());
        wish.against().ifPresent(against::add);
        AliasMove move = move(AliasMove.Kind.ON, wanted, nowMillis, wish, against);
        return List.of(moved(model, alias, move));
    }

    /// Moves an alias back to the version that it was at before. Where it went back already,
    /// nothing is written, so that two who do it at the same time go one step and not two.
    ///
    /// @param from the version that it has to leave; empty for the one that it was moved on to last
    /// @param to where that leads, as [#back] says
    record Rollback(String name, String alias, OptionalInt from, int to, Wish wish)
            implements AliasCommand {
        @Override
        public List<ModelRecord> decide(ModelFold state, long nowMillis) {
            RegisteredModel model = RegisteredModelCommand.existing(state, name);
            Alias known = existing(model, alias);
            OptionalInt target = isDone(known, wish) ? OptionalInt.empty() : back(model, known);
            if (target.isEmpty()) {
                return List.of();
            }
            if (target.getAsInt() != to) {
                throw new MoveRefused(
                        name + "@" + alias + " has just been moved by somebody else",
                        "see where it is, and decide again: leat models show " + name);
            }
            AliasMove move =
                    move(
                            AliasMove.Kind.BACK,
                            existing(state, model, known, to),
                            nowMillis,
                            wish,
                            wish.against().stream().toList());
            return List.of(moved(model, alias, move));
        }

        private OptionalInt back(RegisteredModel model, Alias known) {
            return AliasCommand.back(model, known, from);
        }
    }

    /// Where going back leads; empty where it was done already.
    ///
    /// @param from the version that the alias has to leave; empty for the one that it was moved on
    ///   to last
    /// @throws MoveRefused when there is no way back
    static OptionalInt back(RegisteredModel model, Alias alias, OptionalInt from) {
        AliasMove newest = alias.newest();
        boolean wentBack = newest.kind() == AliasMove.Kind.BACK;
        if (from.isEmpty() && wentBack) {
            return OptionalInt.empty();
        }
        if (from.isPresent() && from.getAsInt() != alias.version()) {
            if (wentBack && from.equals(alias.before(newest))) {
                return OptionalInt.empty();
            }
            throw new MoveRefused(
                    where(model, alias)
                            + " is at version "
                            + alias.version()
                            + ", not at "
                            + from.getAsInt(),
                    "leave it there, or go back from where it is: leat models rollback "
                            + model.info().name());
        }
        OptionalInt back = alias.back();
        if (back.isEmpty()) {
            throw new MoveRefused(
                    where(model, alias)
                            + " is at version "
                            + alias.version()
                            + ", and no version is known that it was at before",
                    "name the one that you want: " + promote(model));
        }
        return back;
    }

    /// An alias that is there.
    ///
    /// @throws MoveRefused when there is none of that name
    static Alias existing(RegisteredModel model, String alias) {
        Alias known = model.aliases().get(alias);
        if (known == null) {
            throw new MoveRefused(
                    model.info().name() + " has no alias '" + alias + "'",
                    model.aliases().isEmpty()
                            ? "set one first: " + promote(model)
                            : "choose one of " + String.join(", ", model.aliases().keySet()));
        }
        return known;
    }

    private static ModelVersion existing(
            ModelFold state, RegisteredModel model, Alias alias, int to) {
        return state.version(model.info().name(), to)
                .orElseThrow(() ->
                        new MoveRefused(
                                "version "
                                        + to
                                        + ", which "
                                        + where(model, alias)
                                        + " was at before, was deleted",
                                "name another one: " + promote(model)));
    }

    private static String where(RegisteredModel model, Alias alias) {
        return model.info().name() + "@" + alias.name();
    }

    private static String promote(RegisteredModel model) {
        return "leat models promote " + model.info().name() + " VERSION";
    }

    private static boolean isDone(Alias alias, Wish wish) {
        return alias.moved(wish.id()).isPresent();
    }

    private static boolean isAt(Alias alias, int version) {
        return alias.version() == version;
    }

    private static AliasMove move(
            AliasMove.Kind kind,
            ModelVersion version,
            long nowMillis,
            Wish wish,
            List<String> known) {
        EntryChecks.length("because", wish.because(), ModelLimits.BECAUSE_CHARACTERS);
        List<String> against = new ArrayList<>();
        if (version.hasFailedGates()) {
            against.add("the gates of " + version.reference() + " failed");
        }
        against.addAll(known);
        String all = String.join("; ", against);
        if (!all.isEmpty() && !wish.force()) {
            throw new MoveRefused(
                    all,
                    "choose another version, or do it all the same with --force --because WHY");
        }
        return new AliasMove(
                wish.id(), kind, version.info().number(), nowMillis, all, wish.because());
    }

    private static ModelRecord moved(RegisteredModel model, String alias, AliasMove move) {
        Alias known = model.aliases().get(alias);
        return new ModelRecord.OfAlias(
                model.info().id(), alias, known == null ? List.of(move) : known.movesWith(move));
    }
}
