package leat.core.feature;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import leat.core.yaml.Checked;
import leat.core.yaml.NearestName;

/// The views of a folder as far as they could be read, for what names them.
///
/// @param all every view, or every problem
/// @param sound those that are known to be right, whatever is wrong with others
/// @param faulty the names of the others, of which nothing can be said
public record ReadViews(
        Checked<List<CompiledView>> all, List<CompiledView> sound, Set<String> faulty) {

    public ReadViews {
        sound = List.copyOf(sound);
        faulty = Set.copyOf(faulty);
    }

    /// Views of which none is faulty.
    public static ReadViews of(List<CompiledView> views) {
        return new ReadViews(new Checked.Sound<>(views), views, Set.of());
    }

    /// Whether there is a view of this name, with or without a version, that could not be read.
    boolean isFaulty(String name) {
        return faulty.contains(NamedViews.bare(name));
    }

    /// The sound view that is called so.
    Optional<CompiledView> find(String name) {
        return named().find(name);
    }

    /// What to do about a name that no view has, an imperative without a final full stop.
    String remedy(String unknown) {
        String bare = NamedViews.bare(unknown);
        if (faulty.isEmpty() || find(bare).isPresent()) {
            return named().remedy(unknown);
        }
        Set<String> names = new TreeSet<>(faulty);
        names.addAll(named().names());
        return NearestName.remedy(bare, names);
    }

    private NamedViews named() {
        return new NamedViews(sound);
    }
}
