package leat.ml.registry;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import leat.core.model.Alias;
import leat.core.model.AliasCommand;
import leat.core.model.AliasMove;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.MoveRefused;
import leat.core.model.RegisteredModel;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.stream.log.LogUnavailable;

/// Moves aliases to versions that can be served, and back.
///
/// @param models of the same registry
public record Promotions(Registry registry, Models models) {

    /// How firmly.
    ///
    /// @param force also where something speaks against it
    /// @param because the reason; may be empty
    public record Will(boolean force, String because) {}

    /// Where an alias is after all.
    ///
    /// @param from where it was before; empty for nowhere
    /// @param move that brought it there, which is an earlier one where nothing was changed
    /// @param position the offset of the record that says so
    public record Moved(
            String model,
            String alias,
            OptionalInt from,
            AliasMove move,
            boolean changed,
            long position) {}

    /// Moves an alias on to a version.
    ///
    /// @param target a version, maybe by another alias
    /// @throws MoveRefused when it should not be served
    /// @throws TrackingRefused when there is no such version, or an alias may not have that name
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did: to do it
    ///   again is safe
    public Moved promote(ModelReference target, String alias, Will will) {
        ModelVersion version = registry.read(state -> state.resolve(target)).version();
        String model = version.modelName();
        if (alias(model, alias)
                .filter(known -> known.version() == version.info().number())
                .isPresent()) {
            return after(model, alias, "");
        }
        AliasCommand.Wish wish = wish(version, will);
        registry.write(new AliasCommand.Promote(model, alias, version.info().number(), wish));
        return after(model, alias, wish.id());
    }

    /// Moves an alias back to where it was before.
    ///
    /// @param from the version that it has to leave; empty for the one that it was moved on to last
    /// @throws MoveRefused when there is no way back, or what was there should not be served
    /// @throws TrackingRefused when there is no such model
    /// @throws LogUnavailable as with [#promote]
    public Moved rollback(String model, String alias, OptionalInt from, Will will) {
        OptionalInt to =
                registry.read(state -> {
                    RegisteredModel known = existing(state.model(model), model);
                    return AliasCommand.back(known, AliasCommand.existing(known, alias), from);
                });
        if (to.isEmpty()) {
            return after(model, alias, "");
        }
        // Of a version that was deleted the command says so.
        AliasCommand.Wish wish =
                registry.read(state -> state.version(model, to.getAsInt()))
                        .map(version -> wish(version, will))
                        .orElseGet(() -> wish(will, Optional.empty()));
        registry.write(new AliasCommand.Rollback(model, alias, from, to.getAsInt(), wish));
        return after(model, alias, wish.id());
    }

    private Optional<Alias> alias(String model, String alias) {
        return registry.read(state -> state.model(model))
                .flatMap(known -> Optional.ofNullable(known.aliases().get(alias)));
    }

    private static RegisteredModel existing(Optional<RegisteredModel> model, String name) {
        return model.orElseThrow(
                () -> TrackingRefused.absent("Registered Model with name=" + name + " not found"));
    }

    private AliasCommand.Wish wish(ModelVersion version, Will will) {
        return wish(will, against(version));
    }

    private static AliasCommand.Wish wish(Will will, Optional<String> against) {
        return new AliasCommand.Wish(
                UUID.randomUUID().toString(), will.force(), will.because(), against);
    }

    /// What the files of a version say against it.
    private Optional<String> against(ModelVersion version) {
        List<ModelFile> files;
        try {
            files = models.files(version);
        } catch (TrackingRefused e) {
            if (e.error() == TrackingError.RESOURCE_DOES_NOT_EXIST) {
                throw without(version, String.valueOf(e.getMessage()));
            }
            return Optional.of(
                    "the files of " + version.reference() + " cannot be served: " + e.getMessage());
        }
        if (files.isEmpty()) {
            throw without(version, "nothing is at " + version.info().source());
        }
        return Optional.empty();
    }

    private static MoveRefused without(ModelVersion version, String why) {
        return new MoveRefused(
                version.reference() + " has no files: " + why,
                "log them to its run, or choose another version");
    }

    /// Where an alias is after a command.
    ///
    /// @param id of the command; empty where none was given
    public Moved after(String model, String alias, String id) {
        Alias now =
                registry.read(
                        state -> AliasCommand.existing(existing(state.model(model), model), alias));
        Optional<AliasMove> done = id.isEmpty() ? Optional.empty() : now.moved(id);
        AliasMove move = done.orElse(now.newest());
        return new Moved(model, alias, now.before(move), move, done.isPresent(), now.position());
    }
}
