package leat.core.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.yaml.Checked;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problem;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;
import leat.core.yaml.YamlReader;
import org.jspecify.annotations.Nullable;

/// Binds YAML to a tree of records whose components carry a [Setting]. A component's key is its
/// name in kebab-case; its type may be a number, boolean, text, duration, time, [DataSize], path,
/// enum, a nested record, or an [Optional], [List] or [Map] (from texts) of these. Every problem of
/// a file is reported at once.
public final class SettingsReader {

    private final Problems problems;

    private SettingsReader(Problems problems) {
        this.problems = problems;
    }

    /// Reads a file; one that says nothing gives the defaults.
    public static <T extends Record> Checked<T> read(Path file, Class<T> type) {
        Problems problems = new Problems();
        Optional<YamlNode> root = YamlReader.read(file, problems);
        if (root.isEmpty()) {
            return new Checked.Faulty<>(problems.list());
        }
        return bind(root.get(), type, problems);
    }

    /// Binds what was read already.
    public static <T extends Record> Checked<T> bind(
            YamlNode root, Class<T> type, Problems problems) {
        @Nullable Object value =
                new SettingsReader(problems).record(Optional.of(root), type, "", root.location());
        if (value == null || !problems.isEmpty()) {
            return new Checked.Faulty<>(problems.list());
        }
        return new Checked.Sound<>(type.cast(value));
    }

    /// The settings where nothing is written.
    ///
    /// @throws IllegalStateException when the annotated defaults are not usable: an error of the
    ///   program
    public static <T extends Record> T defaults(Class<T> type) {
        Location nowhere = Location.startOf(Path.of("defaults"));
        return switch (bind(new Mapping(List.of(), nowhere), type, new Problems())) {
            case Checked.Sound<T>(T value) -> value;
            case Checked.Faulty<T>(List<Problem> faults) ->
                    throw new IllegalStateException(type + ": " + faults);
        };
    }

    /// The key of a component: `idleTimeout` is `idle-timeout`.
    static String key(RecordComponent component) {
        StringBuilder key = new StringBuilder();
        for (char letter : component.getName().toCharArray()) {
            if (Character.isUpperCase(letter)) {
                key.append('-').append(Character.toLowerCase(letter));
            } else {
                key.append(letter);
            }
        }
        return key.toString();
    }

    private @Nullable Object record(
            Optional<YamlNode> node, Class<?> type, String path, Location location) {
        if (node.isPresent() && !(node.get() instanceof Mapping)) {
            wrongKind(node.get(), path, "keys with values");
            return null;
        }
        Optional<Mapping> mapping = node.map(Mapping.class::cast);
        RecordComponent[] components = type.getRecordComponents();
        mapping.ifPresent(given -> refuseUnknown(given, components, path));
        int before = problems.count();
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(mapping, components[i], path, location);
        }
        return problems.count() == before
                ? construct(type, components, values, path, mapping, location)
                : null;
    }

    private void refuseUnknown(Mapping given, RecordComponent[] components, String path) {
        List<String> known = Arrays.stream(components).map(SettingsReader::key).toList();
        for (YamlNode.Entry entry : given.entries()) {
            String key = entry.key().text();
            if (!known.contains(key)) {
                problems.add(
                        entry.key().location(),
                        child(path, key),
                        "there is no such key",
                        NearestName.remedy(key, known));
            }
        }
    }

    private @Nullable Object component(
            Optional<Mapping> mapping, RecordComponent component, String path, Location location) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException(component + " has no @Setting");
        }
        String key = key(component);
        Optional<YamlNode> node = mapping.flatMap(given -> given.find(key));
        String defaultValue = setting.defaultValue();
        if (node.isEmpty() && !defaultValue.isEmpty()) {
            node = Optional.of(new Scalar(defaultValue, true, location));
        }
        return value(node, component.getGenericType(), child(path, key), location);
    }

    private @Nullable Object value(
            Optional<YamlNode> node, Type type, String path, Location location) {
        if (type instanceof ParameterizedType generic) {
            return container(node, generic, path, location);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord() && plain != DataSize.class) {
            return record(node, plain, path, location);
        }
        if (node.isEmpty()) {
            problems.add(location, path, "it is missing", "set it");
            return null;
        }
        return node.get() instanceof Scalar scalar
                ? scalar(scalar, plain, path)
                : wrongKind(node.get(), path, "a single value");
    }

    private @Nullable Object container(
            Optional<YamlNode> node, ParameterizedType type, String path, Location location) {
        Type last = type.getActualTypeArguments()[type.getActualTypeArguments().length - 1];
        if (type.getRawType() == Optional.class) {
            return node.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(value(node, last, path, location));
        }
        if (type.getRawType() == List.class) {
            return list(node, last, path);
        }
        if (type.getRawType() == Map.class) {
            return map(node, last, path);
        }
        throw new IllegalStateException(path + " has the unsupported type " + type);
    }

    private @Nullable Object list(Optional<YamlNode> node, Type itemType, String path) {
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof Sequence sequence)) {
            return wrongKind(node.get(), path, "a list");
        }
        List<Object> items = new ArrayList<>();
        for (YamlNode item : sequence.items()) {
            String place = path + "[" + items.size() + "]";
            @Nullable Object value = value(Optional.of(item), itemType, place, item.location());
            if (value == null) {
                return null;
            }
            items.add(value);
        }
        return items;
    }

    private @Nullable Object map(Optional<YamlNode> node, Type valueType, String path) {
        if (node.isEmpty()) {
            return Map.of();
        }
        if (!(node.get() instanceof Mapping mapping)) {
            return wrongKind(node.get(), path, "keys with values");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            String key = entry.key().text();
            @Nullable Object value =
                    value(
                            Optional.of(entry.value()),
                            valueType,
                            child(path, key),
                            entry.value().location());
            if (value == null) {
                return null;
            }
            values.put(key, value);
        }
        return values;
    }

    private @Nullable Object scalar(Scalar scalar, Class<?> type, String path) {
        String text = scalar.text();
        try {
            if (type == String.class) {
                return text;
            }
            if (type == int.class || type == Integer.class) {
                return Integer.valueOf(text);
            }
            if (type == long.class || type == Long.class) {
                return Long.valueOf(text);
            }
            if (type == double.class || type == Double.class) {
                return Double.valueOf(text);
            }
            if (type == boolean.class || type == Boolean.class) {
                return bool(text);
            }
            if (type == Path.class) {
                return Path.of(text);
            }
            if (type == java.time.Duration.class) {
                return DurationText.parse(text);
            }
            if (type == DataSize.class) {
                return DataSize.parse(text);
            }
            if (type == Instant.class) {
                return instant(text);
            }
            if (type.isEnum()) {
                return enumConstant(type, text);
            }
        } catch (NumberFormatException e) {
            problems.add(scalar.location(), path, "'" + text + "' is not a number in range", "");
            return null;
        } catch (IllegalArgumentException e) {
            problems.add(scalar.location(), path, message(e), "");
            return null;
        }
        throw new IllegalStateException(path + " has the unsupported type " + type);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time; write e.g. 2027-01-31T00:00:00Z", e);
        }
    }

    private static Boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
    }

    private static Object enumConstant(Class<?> type, String text) {
        List<String> words = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            String word = word((Enum<?>) constant);
            if (word.equals(text)) {
                return constant;
            }
            words.add(word);
        }
        throw new IllegalArgumentException("'" + text + "' is none of " + String.join(", ", words));
    }

    /// How an enum's constant is written: `READ_ONLY` is `read-only`.
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private @Nullable Object construct(
            Class<?> type,
            RecordComponent[] components,
            @Nullable Object[] values,
            String path,
            Optional<Mapping> mapping,
            Location location) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                Location where = mapping.map(Mapping::location).orElse(location);
                problems.add(blamed(message(refusal), mapping, where), path, message(refusal), "");
                return null;
            }
            throw new IllegalStateException("cannot make " + type, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    /// The line of the key that a refusal begins with or names, else the place of the whole.
    private static Location blamed(String message, Optional<Mapping> mapping, Location whole) {
        return mapping.stream()
                .flatMap(given -> given.entries().stream())
                .filter(entry -> message.contains(entry.key().text()))
                .map(entry -> entry.key().location())
                .findFirst()
                .orElse(whole);
    }

    private @Nullable Object wrongKind(YamlNode node, String path, String wanted) {
        problems.add(node.location(), path, node.kind() + " stands here", "write " + wanted);
        return null;
    }

    private static String child(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String message(IllegalArgumentException e) {
        return e.getMessage() == null ? "it is not usable" : e.getMessage();
    }
}
