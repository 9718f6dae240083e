package leat.stream.sql;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.feature.CompiledView;
import org.jspecify.annotations.Nullable;

/// How the values of a view's features are distributed over the vectors of some time. The
/// components are the members of its JSON.
///
/// @param since from which query time on vectors count
/// @param vectors how many there are
/// @param entities of how many entities they are, an estimate
/// @param oldest the first query time of them, null where there is no vector
/// @param newest the last
/// @param logIncluded whether the newest vectors are there, which the lake does not have yet
public record ViewProfile(
        String view,
        int version,
        String since,
        long vectors,
        long entities,
        @Nullable Object oldest,
        @Nullable Object newest,
        boolean logIncluded,
        List<FeatureProfile> features,
        double elapsedMillis) {

    private static final int OF_VIEW = 4;
    private static final int OF_FEATURE = 5;

    public ViewProfile {
        features = List.copyOf(features);
    }

    /// One feature.
    ///
    /// @param values how many vectors have one
    /// @param nullRate the share of those that have none, null where there is no vector
    /// @param distinct how many values are different, an estimate
    /// @param min null for booleans, and where there is no value
    /// @param mean of numbers, else null
    public record FeatureProfile(
            String name,
            String type,
            long values,
            @Nullable Double nullRate,
            long distinct,
            @Nullable Object min,
            @Nullable Object mean,
            @Nullable Object max) {}

    /// Asks for it.
    ///
    /// @param vectors the contract of the view's vectors
    /// @throws SqlRefused when it takes too long, or cannot be read
    public static ViewProfile of(SqlEngine engine, Contract vectors, Instant since) {
        List<Field> features = vectors.fields().stream().filter(CompiledView::isFeature).toList();
        try (QueryResult result = engine.query(query(vectors.tableName(), features, since))) {
            result.next();
            List<@Nullable Object> row = result.row();
            long count = number(row.get(0));
            List<FeatureProfile> profiles = new ArrayList<>();
            for (int i = 0; i < features.size(); i++) {
                int at = OF_VIEW + i * OF_FEATURE;
                profiles.add(profile(features.get(i), count, row.subList(at, at + OF_FEATURE)));
            }
            return new ViewProfile(
                    vectors.name().value(),
                    vectors.version().major(),
                    since.toString(),
                    count,
                    number(row.get(1)),
                    row.get(2),
                    row.get(3),
                    result.freshness().stream().allMatch(Freshness::logIncluded),
                    profiles,
                    result.elapsed().toNanos() / 1e6);
        }
    }

    private static String query(String table, List<Field> features, Instant since) {
        StringBuilder query =
                new StringBuilder(
                        "SELECT count(*), approx_count_distinct(entity), min(query_time),"
                                + " max(query_time)");
        for (Field feature : features) {
            String column = SqlColumn.quoted(feature.name());
            boolean ordered = !(feature.type() instanceof FieldType.Bool);
            query.append(", count(" + column + "), approx_count_distinct(" + column + ")")
                    .append(ordered ? ", min(" + column + ")" : ", NULL")
                    .append(isNumber(feature) ? ", avg(" + column + ")" : ", NULL")
                    .append(ordered ? ", max(" + column + ")" : ", NULL");
        }
        return query.append(" FROM " + SqlColumn.quoted(table))
                .append(" WHERE query_time >= TIMESTAMPTZ '" + since + "'")
                .toString();
    }

    private static boolean isNumber(Field feature) {
        return feature.type() instanceof FieldType.Real
                || feature.type() instanceof FieldType.Int
                || feature.type() instanceof FieldType.Decimal;
    }

    private static FeatureProfile profile(Field feature, long vectors, List<@Nullable Object> row) {
        long values = number(row.get(0));
        return new FeatureProfile(
                feature.name(),
                feature.type().word(),
                values,
                vectors == 0 ? null : (double) (vectors - values) / vectors,
                number(row.get(1)),
                row.get(2),
                row.get(3),
                row.get(4));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
