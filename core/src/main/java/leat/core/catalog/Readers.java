package leat.core.catalog;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.contract.FieldPath;
import leat.core.feature.CompiledView;

/// Who reads the fields of a source, a contract or another view.
record Readers(List<CompiledView> views) {

    /// Those of the workspace's views that see it.
    ///
    /// @param source `car-telemetry.v1`
    static Readers of(String source, List<CompiledView> views) {
        return new Readers(
                views.stream()
                        .filter(view -> view.source().nameAndMajor().equals(source))
                        .toList());
    }

    /// The views that a field decides over: as their key, or in their `where`.
    List<String> decidedBy(FieldPath path) {
        return views.stream()
                .filter(view -> decides(path, view))
                .map(view -> view.view().nameAndVersion())
                .toList();
    }

    /// The features that read a field, or something in it.
    List<String> features(FieldPath path) {
        return views.stream().flatMap(view -> features(path, view)).toList();
    }

    private static boolean decides(FieldPath path, CompiledView view) {
        return meets(path, view.view().key())
                || view.lineage().where().stream().anyMatch(read -> meets(path, read));
    }

    private static Stream<String> features(FieldPath path, CompiledView view) {
        List<List<FieldPath>> reads = view.lineage().features();
        return IntStream.range(0, reads.size())
                .filter(i -> reads.get(i).stream().anyMatch(read -> meets(path, read)))
                .mapToObj(i -> view.view().nameAndVersion() + ":" + view.fields().get(i).name());
    }

    /// Whether the two are one field, or one is in the other; both with dots.
    static boolean meets(String one, String other) {
        return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
    }

    /// Whether the two are one field, or one is in the other.
    private static boolean meets(FieldPath one, FieldPath other) {
        int common = Math.min(one.segments().size(), other.segments().size());
        return one.segments().subList(0, common).equals(other.segments().subList(0, common));
    }
}
