package leat.core.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.ModelFeature;
import leat.core.feature.NamedSets;
import leat.core.feature.NamedViews;
import leat.core.yaml.Checked;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Scalar;

/// What the parts of a file `models/NAME.yaml` say in the same way.
///
/// @param known what may be named
public record ModelKeys(Keys keys, ScoringReader.Known known) {

    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]{1,255}");
    private static final Pattern MODEL = Pattern.compile("[^/:@]{1,255}");
    private static final String FEATURES = "features";

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

    /// The view of a name as what features are taken of; empty where none is named, or views are
    /// faulty.
    public Optional<ModelSource> ofView(Optional<String> named) {
        return named.flatMap(this::view).map(ModelSource::of);
    }

    private Optional<CompiledView> view(String name) {
        if (!(known.views()
                instanceof Checked.Sound<List<CompiledView>>(List<CompiledView> sound))) {
            return Optional.empty();
        }
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

    /// The set of a name as what features are taken of; empty where sets or views are faulty.
    ///
    /// @param view whose vectors are the rows; the set's first where it is empty
    public Optional<ModelSource> ofSet(String named, Optional<String> view) {
        if (!(known.sets() instanceof Checked.Sound<List<FeatureSet>>(List<FeatureSet> sound))
                || !(known.views()
                        instanceof Checked.Sound<List<CompiledView>>(List<CompiledView> views))) {
            return Optional.empty();
        }
        NamedSets sets = new NamedSets(sound);
        Optional<FeatureSet> set = sets.find(named);
        if (set.isEmpty()) {
            keys.complain("set", "there is no feature set '" + named + "'", sets.remedy(named));
        }
        NamedViews all = new NamedViews(views);
        return set.flatMap(
                one -> viewOf(one, view, all).map(leading -> ModelSource.of(one, leading, all)));
    }

    private Optional<CompiledView> viewOf(
            FeatureSet set, Optional<String> named, NamedViews views) {
        List<CompiledView> ofSet =
                set.views().stream().flatMap(name -> views.find(name).stream()).toList();
        if (named.isEmpty()) {
            return ofSet.stream().findFirst();
        }
        Optional<CompiledView> view = view(named.get());
        view.filter(one -> !ofSet.contains(one))
                .ifPresent(one ->
                        keys.complain(
                                "view",
                                "the set " + set.name() + " has no feature of " + one.view().name(),
                                "name one of its views, at whose vectors' times it is taken: "
                                        + ofSet.stream()
                                                .map(each -> each.view().name().value())
                                                .collect(Collectors.joining(", "))));
        return view.filter(ofSet::contains);
    }

    /// What `features` names, each once.
    ///
    /// @param wanted the names, with their places
    public List<ModelFeature> features(List<Scalar> wanted, ModelSource source) {
        List<ModelFeature> taken = new ArrayList<>();
        for (Scalar scalar : wanted) {
            String name = scalar.text();
            Optional<ModelFeature> one =
                    source.offered().stream().filter(each -> each.name().equals(name)).findFirst();
            if (one.isEmpty()) {
                complain(
                        scalar.location(),
                        "the " + source.word() + " has no feature '" + name + "'",
                        NearestName.remedy(
                                name, source.offered().stream().map(ModelFeature::name).toList()));
            } else if (taken.contains(one.get())) {
                complain(scalar.location(), "'" + name + "' stands twice", "remove one of the two");
            } else {
                taken.add(one.get());
            }
        }
        if (wanted.isEmpty()) {
            keys.complain(FEATURES, "names none", "name some, or leave the key out for all");
        }
        return taken;
    }

    private void complain(Location location, String message, String remedy) {
        keys.problems().add(location, keys.path(FEATURES), message, remedy);
    }
}
