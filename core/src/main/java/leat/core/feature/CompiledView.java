package leat.core.feature;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.ContractVersion;
import leat.core.contract.Contracts;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Quality;
import leat.core.contract.UnknownFields;
import leat.core.enrich.ExpressionFailed;
import leat.core.enrich.RowExpression;
import leat.core.feature.Shape.ValueKind;
import leat.core.validate.CanonicalText;
import leat.core.validate.Row;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;
import org.jspecify.annotations.Nullable;

/// A view that fits its source: what it takes from events, and what is made of that. Safe for many
/// threads.
public final class CompiledView {

    /// The field of a vector that says whose it is.
    public static final String ENTITY = "entity";

    /// The field of a vector that says when it was right.
    public static final String QUERY_TIME = "query_time";

    /// The longest text that a feature is made of, so that a vector and a tile fit a record.
    static final int MAX_TEXT = 1_000;

    private static final FieldPath OF_ENTITY = new FieldPath(List.of(ENTITY));

    private final FeatureView view;
    private final ViewSource source;
    private final FieldPath key;
    private final Shape shape;
    private final List<Field> fields;
    private final Contract contract;
    private final Lineage lineage;
    private final List<RowExpression> conditions;
    private final Optional<RowExpression> where;
    private final List<Taken> taken;

    /// @param conditions those that values are taken under
    CompiledView(
            FeatureView view,
            ViewSource source,
            Shape shape,
            List<Field> fields,
            Lineage lineage,
            List<RowExpression> conditions,
            Optional<RowExpression> where,
            List<Taken> taken) {
        this.view = view;
        this.source = source;
        this.key = view.key();
        this.shape = shape;
        this.fields = List.copyOf(fields);
        this.contract = contract(view, source.contract(), this.fields);
        this.lineage = lineage;
        this.conditions = List.copyOf(conditions);
        this.where = where;
        this.taken = List.copyOf(taken);
    }

    /// What a series takes from an event.
    ///
    /// @param value null where it only matters that there is an event
    /// @param condition the index of the condition for it, -1 where there is none
    record Taken(@Nullable RowExpression value, int condition, ValueKind kind) {}

    /// Is told when an expression has no value for an event, as for a division by zero.
    @FunctionalInterface
    public interface Failures {

        /// The expression of a series failed, so that it gets no value.
        ///
        /// @param series its index in the view's [Shape]
        void failed(int series, String message);
    }

    /// Compiles a view; whatever does not fit its source is a problem.
    ///
    /// @param source the contract that the view names
    public static Optional<CompiledView> compile(
            FeatureView view, Contract source, Problems problems) {
        return compile(
                view, new ViewSource.Events(source), ViewPlaces.startOf(view.file()), problems);
    }

    static Optional<CompiledView> compile(
            FeatureView view, ViewSource source, ViewPlaces places, Problems problems) {
        return new ViewCompiler(view, source, places, problems).compile();
    }

    /// The same beside other contracts of the same names.
    ///
    /// @throws ProblemsException when it does not fit them
    public CompiledView under(Contracts contracts) {
        Problems problems = new Problems();
        Optional<ViewSource> found =
                switch (source) {
                    case ViewSource.Events _ ->
                            contracts.named(view.source()).map(ViewSource.Events::new);
                    case ViewSource.Vectors(CompiledView read) ->
                            Optional.of(new ViewSource.Vectors(read.under(contracts)));
                };
        if (found.isEmpty()) {
            problems.add(
                    Location.startOf(view.file()),
                    "source",
                    "there is no contract '" + view.source() + "'",
                    NearestName.remedy(view.source(), contracts.names()));
        }
        return found.flatMap(one -> compile(view, one, ViewPlaces.startOf(view.file()), problems))
                .orElseThrow(() -> new ProblemsException(problems.list()));
    }

    /// Whether a field of vectors is a feature: neither [#ENTITY] nor [#QUERY_TIME].
    public static boolean isFeature(Field field) {
        return !field.name().equals(ENTITY) && !field.name().equals(QUERY_TIME);
    }

    public FeatureView view() {
        return view;
    }

    /// The same that expects something else of its vectors, by rules that fit their contract.
    public CompiledView expecting(Quality other) {
        return new CompiledView(
                view.expecting(other), source, shape, fields, lineage, conditions, where, taken);
    }

    /// What its events keep: the contract whose enriched events it sees, or that of another view's
    /// vectors.
    public Contract source() {
        return source.contract();
    }

    /// The view whose vectors it sees; empty where it sees the events of a contract.
    public Optional<CompiledView> sourceView() {
        return switch (source) {
            case ViewSource.Events _ -> Optional.empty();
            case ViewSource.Vectors(CompiledView read) -> Optional.of(read);
        };
    }

    /// The contract whose events it is made of, be it by way of other views.
    public Contract origin() {
        return sourceView().map(CompiledView::origin).orElseGet(this::source);
    }

    /// Whether it writes a vector with every event with which the other one does, of the same
    /// entity and into the partition of the same number. Both see the events of one contract by its
    /// key, and this one all of them or those of the same condition.
    public boolean isBeside(CompiledView other) {
        return isByKeyOfEvents()
                && other.isByKeyOfEvents()
                && source().name().equals(other.source().name())
                && (view.where().isEmpty() || view.where().equals(other.view.where()));
    }

    private boolean isByKeyOfEvents() {
        return sourceView().isEmpty() && source().key().filter(key::equals).isPresent();
    }

    /// How many views it is made of, itself included.
    int depth() {
        return 1 + sourceView().map(CompiledView::depth).orElse(0);
    }

    /// The type of the values that name its entities. Vectors have them as text.
    public FieldType keyType() {
        return sourceView()
                .filter(_ -> key.equals(OF_ENTITY))
                .map(CompiledView::keyType)
                .orElseGet(() -> key.in(source().publishedFields()).orElseThrow().type());
    }

    /// Whether entities are named by what stands in the place of a protected value, so that the
    /// plain one finds none.
    boolean isKeyProtected() {
        return sourceView()
                .filter(_ -> key.equals(OF_ENTITY))
                .map(CompiledView::isKeyProtected)
                .orElseGet(() ->
                        source().protections().stream().anyMatch(one -> one.path().equals(key)));
    }

    /// What an entity's state holds, and how its vector comes from it.
    public Shape shape() {
        return shape;
    }

    /// The features as a vector has them, in the order of [Shape#outputs]; none is required. Each
    /// is classified as strictly as the strictest field that it is made of.
    public List<Field> fields() {
        return fields;
    }

    /// What the features are made of.
    public Lineage lineage() {
        return lineage;
    }

    /// What the view takes from an enriched event; empty when the event is not of the view, since
    /// it has no key, or since the view's condition does not hold or fails.
    ///
    /// @param row with the fields of [Contract#publishedFields] of the source
    /// @param timeMicros the event's time, as the enricher wrote it
    /// @param failures is told of the series that get no value because their expression failed
    public Optional<Observation> observe(
            Row row, long timeMicros, int partition, long offset, Failures failures) {
        Object entity = row.value(key);
        if (entity == null || !where.stream().allMatch(condition -> holds(condition, row))) {
            return Optional.empty();
        }
        boolean[] holds = new boolean[conditions.size()];
        for (int i = 0; i < holds.length; i++) {
            holds[i] = holds(conditions.get(i), row);
        }
        List<@Nullable Object> values = new ArrayList<>(taken.size());
        for (int i = 0; i < taken.size(); i++) {
            Taken one = taken.get(i);
            boolean isSeen = one.condition() < 0 || holds[one.condition()];
            values.add(isSeen ? value(one, i, row, failures) : null);
        }
        return Optional.of(
                new Observation(CanonicalText.of(entity), timeMicros, partition, offset, values));
    }

    private static boolean holds(RowExpression condition, Row row) {
        try {
            return Boolean.TRUE.equals(condition.evaluate(row));
        } catch (ExpressionFailed _) {
            return false;
        }
    }

    private static @Nullable Object value(Taken taken, int series, Row row, Failures failures) {
        RowExpression expression = taken.value();
        if (expression == null) {
            return true;
        }
        try {
            Object value = expression.evaluate(row);
            if (value instanceof String text && text.length() > MAX_TEXT) {
                failures.failed(series, "a text of more than " + MAX_TEXT + " characters");
                return null;
            }
            return value == null ? null : kept(taken.kind(), value);
        } catch (ExpressionFailed e) {
            failures.failed(series, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// Adding zero makes -0.0 to 0.0.
    private static Object kept(ValueKind kind, Object value) {
        return switch (kind) {
            case NUMBER -> ((Number) value).doubleValue() + 0.0;
            case TIMESTAMP -> micros((Instant) value);
            case INTEGER, TEXT, BOOLEAN -> value;
        };
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /// The contract of the vectors, which carries the view's name and version: [#ENTITY], which is
    /// the key, [#QUERY_TIME], then the features. Topics, tables and indices come from it, and its
    /// rules of quality are what the view expects.
    public Contract contract() {
        return contract;
    }

    private static Contract contract(FeatureView view, Contract source, List<Field> features) {
        Field entity =
                new Field(
                        ENTITY,
                        FieldType.Text.any(),
                        true,
                        false,
                        Optional.empty(),
                        Classification.strictest(source.publishedFields(), List.of(view.key())),
                        "Whose vector it is: a " + view.entity());
        Field queryTime =
                new Field(
                        QUERY_TIME,
                        FieldType.Timestamp.iso(),
                        true,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        "Up to when events count, a microsecond after the newest");
        return new Contract(
                        view.name(),
                        new ContractVersion(view.version(), 0, 0),
                        view.description(),
                        Stream.concat(Stream.of(entity, queryTime), features.stream()).toList(),
                        List.of(),
                        Optional.of(OF_ENTITY),
                        Optional.of(new FieldPath(List.of(QUERY_TIME))),
                        Contract.TimeBounds.DEFAULT,
                        UnknownFields.REJECT,
                        source.dedupeWindow(),
                        source.log(),
                        new Contract.LakeSettings(
                                Contract.TimePartitioning.DAY, List.of(ENTITY, QUERY_TIME)),
                        List.of(),
                        view.file())
                .withQuality(view.expected());
    }

    /// The query time of a vector that keeps its contract, in microseconds since 1970.
    public static long queryMicros(Row vector) {
        return micros(queryTime(vector));
    }

    /// The query time of a vector that keeps its contract.
    public static Instant queryTime(Row vector) {
        return (Instant) Objects.requireNonNull(vector.value(QUERY_TIME));
    }
}
