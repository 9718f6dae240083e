package leat.launcher.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.model.ModelFold;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModel;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.ml.registry.Registry;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Finds the models and versions that a command line names.
record ModelChoice(Registry registry) {

    /// A version of a model that is named beside it: `3` or `@ALIAS`.
    sealed interface Target {

        ModelReference of(String model);

        record ByNumber(int version) implements Target {
            @Override
            public ModelReference of(String model) {
                return new ModelReference.Numbered(model, version);
            }
        }

        record ByAlias(String alias) implements Target {
            @Override
            public ModelReference of(String model) {
                return new ModelReference.Aliased(model, alias);
            }
        }
    }

    /// Reads a [Target].
    static final class TargetReader implements ITypeConverter<Target> {

        private static final Pattern TARGET = Pattern.compile("([1-9]\\d{0,8})|@([\\w\\-]+)");

        @Override
        public Target convert(String text) {
            Matcher matcher = TARGET.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no version: write its number, or @ALIAS");
            }
            return matcher.group(1) == null
                    ? new Target.ByAlias(matcher.group(2))
                    : new Target.ByNumber(Integer.parseInt(matcher.group(1)));
        }
    }

    /// A model.
    ///
    /// @throws UserError when there is none of that name
    RegisteredModel model(String name) {
        return registry.read(state -> state.model(name)).orElseThrow(() -> unknown(name));
    }

    /// That there is no model of a name.
    UserError unknown(String name) {
        List<String> known =
                registry.read(ModelFold::models).stream()
                        .map(model -> model.info().name())
                        .toList();
        return new UserError(
                "there is no model '" + name + "'",
                known.isEmpty()
                        ? "register one first, as docs/how-to/ask-a-model.md shows"
                        : NearestName.of(name, known)
                                .map(nearest -> "write '" + nearest + "' if that was meant")
                                .orElse("see what there is with: leat models list"));
    }

    /// The version that `MODEL/VERSION` or `MODEL@ALIAS` means; empty where a model is named alone.
    ///
    /// @throws UserError when there is no such model, version or alias
    Optional<ModelVersion> version(String text) {
        if (registry.read(state -> state.model(text)).isPresent()
                || !(text.contains("/") || text.contains("@"))) {
            return Optional.empty();
        }
        return Optional.of(version(ModelReference.parse(text)));
    }

    /// The version that a reference means.
    ///
    /// @throws UserError when there is no such model, version or alias
    ModelVersion version(ModelReference reference) {
        RegisteredModel model = model(reference.modelName());
        return switch (reference) {
            case ModelReference.Aliased(_, String alias) -> {
                if (!model.aliases().containsKey(alias)) {
                    throw new UserError(
                            model.info().name() + " has no alias '" + alias + "'",
                            model.aliases().isEmpty()
                                    ? "name a version by its number"
                                    : NearestName.remedy(alias, model.aliases().keySet()));
                }
                yield registry.read(state -> state.resolve(reference)).version();
            }
            case ModelReference.Numbered(String name, int number) ->
                    registry.read(state -> state.version(name, number))
                            .orElseThrow(() ->
                                    new UserError(
                                            name + " has no version " + number,
                                            "see which ones there are with: leat models show "
                                                    + name));
        };
    }
}
