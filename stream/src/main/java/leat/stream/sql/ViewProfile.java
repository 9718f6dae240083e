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
    private static final int OF_FEATURE = 6;

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
    /// @param quantiles of numbers, null where there is no value
    public record FeatureProfile(
            String name,
            String type,
            long values,
            @Nullable Double nullRate,
            long distinct,
            @Nullable Object min,
            @Nullable Object mean,
            @Nullable Object max,
            @Nullable Quantiles quantiles) {}

    /// Below which value 5, 25, 50, 75 and 95 of a hundred values are, estimates.
    public record Quantiles(double p5, double p25, double p50, double p75, double p95) {

        private static final String SHARES = "[0.05, 0.25, 0.5, 0.75, 0.95]";

        private static @Nullable Quantiles of(@Nullable Object values) {
            if (!(values instanceof List<?> list)) {
                return null;
            }
            double[] of =
                    list.stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
            return new Quantiles(of[0], of[1], of[2], of[3], of[4]);
        }
    }

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
                    .append(ordered ? ", max(" + column + ")" : ", NULL")
                    .append(isNumber(feature) ? ", " + quantiles(column) : ", NULL");
        }
        return query.append(" FROM " + SqlColumn.quoted(table))
                .append(" WHERE query_time >= TIMESTAMPTZ '" + since + "'")
                .toString();
    }

    private static String quantiles(String column) {
        return "approx_quantile(CAST(" + column + " AS DOUBLE), " + Quantiles.SHARES + ")";
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
                row.get(4),
                Quantiles.of(row.get(5)));
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}
