package leat.core.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A tree of settings as a Markdown table: key, type, default, meaning.
public final class SettingsReference {

    private SettingsReference() {}

    /// One table of all keys below `type`, written with dots.
    public static String markdown(Class<? extends Record> type) {
        StringBuilder table = new StringBuilder();
        table.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        rows(table, type, "");
        return table.toString();
    }

    private static void rows(StringBuilder table, Class<?> type, String path) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = path + SettingsReader.key(component);
            Setting setting = component.getAnnotation(Setting.class);
            if (setting == null) {
                throw new IllegalStateException(component + " has no @Setting");
            }
            Class<?> plain = component.getType();
            if (plain.isRecord() && plain != DataSize.class) {
                rows(table, plain, key + ".");
                continue;
            }
            Optional<Class<?>> named = recordIn(component.getGenericType(), Map.class, 1);
            Optional<Class<?>> optional = recordIn(component.getGenericType(), Optional.class, 0);
            table.append("| `")
                    .append(key)
                    .append("` | ")
                    .append(
                            optional.isPresent()
                                    ? "keys"
                                    : named.isPresent()
                                            ? "names with settings"
                                            : typeName(component.getGenericType()))
                    .append(" | ")
                    .append(
                            setting.defaultValue().isEmpty()
                                    ? "none"
                                    : "`" + setting.defaultValue() + "`")
                    .append(" | ")
                    .append(setting.description().replace("|", "\\|"))
                    .append(" |\n");
            named.ifPresent(each -> rows(table, each, key + ".NAME."));
            optional.ifPresent(whole -> rows(table, whole, key + "."));
        }
    }

    /// The settings that stand in a container: below names which the user gives, or perhaps not at
    /// all.
    private static Optional<Class<?>> recordIn(Type type, Class<?> container, int argument) {
        return type instanceof ParameterizedType generic
                        && generic.getRawType() == container
                        && generic.getActualTypeArguments()[argument] instanceof Class<?> each
                        && each.isRecord()
                        && each != DataSize.class
                ? Optional.of(each)
                : Optional.empty();
    }

    private static String typeName(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            String last = typeName(arguments[arguments.length - 1]);
            if (generic.getRawType() == Optional.class) {
                return last;
            }
            // A list of records, or one that may be absent, is explained elsewhere or below.
            return arguments.length == 2 ? "keys with a " + last : "list of " + last;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return Arrays.stream(plain.getEnumConstants())
                    .map(constant -> "`" + SettingsReader.word((Enum<?>) constant) + "`")
                    .collect(Collectors.joining(" or "));
        }
        if (plain.isRecord() && plain != DataSize.class) {
            return "settings";
        }
        if (plain == Duration.class) {
            return "duration";
        }
        if (plain == DataSize.class) {
            return "size";
        }
        if (plain == Instant.class) {
            return "time";
        }
        if (plain == Path.class) {
            return "path";
        }
        if (plain == String.class) {
            return "text";
        }
        if (plain == boolean.class) {
            return "boolean";
        }
        return plain == double.class ? "number" : "integer";
    }
}
