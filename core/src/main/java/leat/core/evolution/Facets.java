package leat.core.evolution;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;

/// What two types of one kind differ in, in words.
final class Facets {

    private final List<String> differences = new ArrayList<>();

    private Facets() {}

    /// The differences; empty when the types mean the same.
    static String between(FieldType earlier, FieldType later) {
        Facets facets = new Facets();
        facets.compare(earlier, later);
        return String.join("; ", facets.differences);
    }

    private void compare(FieldType earlier, FieldType later) {
        switch (earlier) {
            case FieldType.Text a when later instanceof FieldType.Text b -> {
                facet("length", a.length(), b.length());
                facet("pattern", pattern(a), pattern(b));
                facet("format", a.format(), b.format());
                facet("allowed values", allowed(a.allowed()), allowed(b.allowed()));
            }
            case FieldType.Int a when later instanceof FieldType.Int b -> {
                facet("range", a.range(), b.range());
                facet("multipleOf", a.multipleOf(), b.multipleOf());
                facet("allowed values", allowed(a.allowed()), allowed(b.allowed()));
            }
            case FieldType.Real a when later instanceof FieldType.Real b -> {
                facet("range", a.range(), b.range());
                facet("multipleOf", a.multipleOf(), b.multipleOf());
                facet("allowed values", allowed(a.allowed()), allowed(b.allowed()));
            }
            case FieldType.Decimal a when later instanceof FieldType.Decimal b -> {
                facet("type", a.word(), b.word());
                facet("range", a.range(), b.range());
            }
            case FieldType.Date a when later instanceof FieldType.Date b -> {
                facet("format", a.pattern(), b.pattern());
                facet("range", a.range(), b.range());
            }
            case FieldType.Time a when later instanceof FieldType.Time b -> {
                facet("format", a.pattern(), b.pattern());
                facet("range", a.range(), b.range());
            }
            case FieldType.Timestamp a when later instanceof FieldType.Timestamp b -> {
                facet("format", encoding(a), encoding(b));
                if (a.encoding() instanceof TimestampEncoding.Formatted) {
                    facet("defaultTimezone", a.defaultZone(), b.defaultZone());
                }
                facet("range", a.range(), b.range());
            }
            case FieldType.Array a when later instanceof FieldType.Array b -> {
                facet("number of items", a.size(), b.size());
                facet("uniqueItems", a.unique(), b.unique());
            }
            case FieldType.Bool _ when later instanceof FieldType.Bool -> {}
            case FieldType.Struct _ when later instanceof FieldType.Struct -> {}
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Struct _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _,
                    FieldType.Array _ ->
                    facet("type", earlier.word(), later.word());
        }
    }

    private void facet(String name, Object earlier, Object later) {
        if (!earlier.equals(later)) {
            differences.add(name + " " + shown(earlier) + " became " + shown(later));
        }
    }

    private static String shown(Object facet) {
        return facet instanceof Optional<?> optional
                ? optional.map(String::valueOf).orElse("none")
                : facet.toString();
    }

    private static Optional<String> pattern(FieldType.Text type) {
        return type.pattern().map(pattern -> "'" + pattern.pattern() + "'");
    }

    private static Optional<List<?>> allowed(List<?> allowed) {
        return allowed.isEmpty() ? Optional.empty() : Optional.of(allowed);
    }

    private static String encoding(FieldType.Timestamp type) {
        return switch (type.encoding()) {
            case TimestampEncoding.Formatted formatted -> formatted.pattern();
            case TimestampEncoding.Epoch epoch -> "epoch number of " + epoch.unit();
        };
    }
}
