package leat.core.feature;

import java.util.Collection;
import java.util.List;

/// The views that another one may name as its source.
interface SourceViews {

    /// What there is of a name.
    sealed interface Found {

        record Sound(CompiledView view) implements Found {}

        /// It is there, and problems say what is wrong with it.
        record Faulty() implements Found {}

        /// It reads who asks for it.
        ///
        /// @param way from it to it again
        record Circular(List<String> way) implements Found {
            public Circular {
                way = List.copyOf(way);
            }
        }
    }

    /// The names of all, sound or not.
    Collection<String> names();

    /// One of them.
    ///
    /// @param name one of [#names]
    Found find(String name);

    /// Views that have been read.
    static SourceViews of(List<CompiledView> views) {
        NamedViews named = new NamedViews(views);
        return new SourceViews() {
            @Override
            public Collection<String> names() {
                return named.names();
            }

            @Override
            public Found find(String name) {
                return new Found.Sound(named.find(name).orElseThrow());
            }
        };
    }
}
