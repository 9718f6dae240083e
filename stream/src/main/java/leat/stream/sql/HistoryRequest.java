package leat.stream.sql;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.feature.CompiledView;

/// A training set that is wanted.
///
/// @param views no view is there twice
/// @param columns what the views give, in the order of the training set
/// @param out the Parquet file to be made, which is not there yet
public record HistoryRequest(
        Entities entities, List<ViewFeatures> views, List<Column> columns, AsOf asOf, Path out) {

    public HistoryRequest {
        views = List.copyOf(views);
        columns = List.copyOf(columns);
    }

    /// Of each view its query time and its features, named with the view.
    public HistoryRequest(Entities entities, List<ViewFeatures> views, AsOf asOf, Path out) {
        this(entities, views, columns(views), asOf, out);
    }

    /// `VIEW:FEATURE` of each column that is a feature, in their order.
    public List<String> features() {
        return columns.stream()
                .filter(column -> !column.field().equals(CompiledView.QUERY_TIME))
                .map(column -> views.get(column.view()).vectors().name() + ":" + column.field())
                .toList();
    }

    private static List<Column> columns(List<ViewFeatures> views) {
        return IntStream.range(0, views.size())
                .boxed()
                .flatMap(view ->
                        views.get(view).taken().stream()
                                .map(field ->
                                        new Column(view, field, views.get(view).column(field))))
                .toList();
    }

    /// One column of the training set.
    ///
    /// @param view the index of its view
    /// @param field the feature of the view, or its query time
    /// @param name of the column
    public record Column(int view, String field, String name) {}

    /// Where the rows come from; they have the columns `entity` and `time`.
    public sealed interface Entities {

        /// A file whose name ends with .csv, .tsv, .json, .jsonl, .ndjson or .parquet; texts may be
        /// compressed, .gz.
        record InFile(Path file) implements Entities {}

        /// A query over the tables that `leat sql` knows.
        record Query(String sql) implements Entities {}
    }

    /// What is asked of one view.
    ///
    /// @param vectors the contract of the view's vectors
    /// @param ttl for how long after its query time a vector is worth something; for ever when
    ///   empty
    /// @param features in the order of their columns
    /// @param earlier the versions that rows of earlier times are given from, the first one first;
    ///   none where all rows are given from one version
    public record ViewFeatures(
            Contract vectors,
            Optional<Duration> ttl,
            List<String> features,
            List<Earlier> earlier) {
        public ViewFeatures {
            features = List.copyOf(features);
            earlier = List.copyOf(earlier);
        }

        /// Of one version, whatever a row's time is.
        public ViewFeatures(Contract vectors, Optional<Duration> ttl, List<String> features) {
            this(vectors, ttl, features, List.of());
        }

        /// The same features, of rows of earlier times by other versions.
        public ViewFeatures after(List<Earlier> others) {
            return new ViewFeatures(vectors, ttl, features, others);
        }

        /// `NAME.vN`, or `NAME.v1+v2` where several versions give the rows.
        String versions() {
            return earlier.isEmpty()
                    ? vectors.nameAndMajor()
                    : Stream.concat(earlier.stream().map(Earlier::vectors), Stream.of(vectors))
                            .map(contract -> "v" + contract.version().major())
                            .collect(Collectors.joining("+", vectors.name() + ".", ""));
        }

        /// All features of a view.
        public static ViewFeatures all(Contract vectors, Optional<Duration> ttl) {
            return new ViewFeatures(
                    vectors,
                    ttl,
                    vectors.fields().stream()
                            .filter(CompiledView::isFeature)
                            .map(Field::name)
                            .toList());
        }

        /// What is taken of a vector: its query time and the features.
        List<String> taken() {
            return Stream.concat(Stream.of(CompiledView.QUERY_TIME), features.stream()).toList();
        }

        /// `car_driving__speed_mean_5m`: the column of a feature, or of the query time.
        public String column(String feature) {
            return vectors.name().tableName() + "__" + feature;
        }
    }

    /// A version of a view that gives rows up to some time.
    ///
    /// @param vectors the contract of its vectors; of features that it does not have rows get null
    /// @param until the first time that is not its any more
    public record Earlier(Contract vectors, Optional<Duration> ttl, Instant until) {}

    /// What a vector's age is measured by.
    public enum AsOf {
        /// What the events up to the row's time say, as the log knows them by now: the newest query
        /// time up to it, and of several vectors with that one the last.
        EVENT,
        /// What had been written by the row's time, and so could be served: of the vectors that had
        /// been appended by then, the last.
        SERVED
    }
}
