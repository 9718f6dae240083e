package leat.core.prediction;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import leat.core.feature.CompiledView;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;

/// What the parts of a file `models/NAME.yaml` say in the same way.
public final class ModelKeys {

    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]{1,255}");
    private static final Pattern MODEL = Pattern.compile("[^/:@]{1,255}");

    private ModelKeys() {}

    /// The name of a registered model; empty text where there is none.
    ///
    /// @param remedy where it is no name
    public static String model(Keys keys, Optional<String> model, String remedy) {
        model.filter(text -> !MODEL.matcher(text).matches())
                .ifPresent(text ->
                        keys.complain("model", "'" + text + "' is no model's name", remedy));
        return model.orElse("");
    }

    /// An alias of a model.
    public static Optional<String> alias(Keys keys, String key) {
        Optional<String> alias = keys.text(key);
        alias.filter(text -> !ALIAS.matcher(text).matches())
                .ifPresent(text ->
                        keys.complain(
                                key,
                                "'" + text + "' is no alias",
                                "use letters, digits, hyphens and underscores"));
        return alias;
    }

    /// The view of a name; empty where none is named, or views are faulty.
    public static Optional<CompiledView> view(
            Keys keys, Optional<String> named, Checked<List<CompiledView>> views) {
        if (named.isEmpty()
                || !(views
                        instanceof Checked.Sound<List<CompiledView>>(List<CompiledView> sound))) {
            return Optional.empty();
        }
        String name = named.get();
        Optional<CompiledView> view =
                sound.stream().filter(one -> one.view().name().value().equals(name)).findFirst();
        if (view.isEmpty()) {
            keys.complain(
                    "view",
                    "there is no view '" + name + "'",
                    NearestName.remedy(
                            name, sound.stream().map(one -> one.view().name().value()).toList()));
        }
        return view;
    }
}
