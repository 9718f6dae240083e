package leat.core.yaml;

import java.util.List;
import java.util.Optional;

/// A piece of YAML that knows where it stands.
public sealed interface YamlNode {

    Location location();

    /// What the node is, for messages: `a text`, `a number`, `a list`, …
    String kind();

    /// A single value.
    ///
    /// @param text as written, quotes and escapes resolved
    /// @param plain whether it stood without quotes, so that it may be a number, boolean or null
    record Scalar(String text, boolean plain, Location location) implements YamlNode {

        /// Whether it says nothing: empty, `null` or `~` without quotes.
        public boolean isNull() {
            return plain
                    && (text.isEmpty()
                            || text.equals("~")
                            || text.equals("null")
                            || text.equals("Null")
                            || text.equals("NULL"));
        }

        /// Whether it is `true` or `false` without quotes.
        public boolean isBoolean() {
            return plain && (text.equals("true") || text.equals("false"));
        }

        /// Whether it is a decimal number without quotes.
        public boolean isNumber() {
            return plain && YamlNumber.matches(text);
        }

        @Override
        public String kind() {
            if (isNull()) {
                return "nothing";
            }
            if (isBoolean()) {
                return "a boolean";
            }
            return isNumber() ? "a number" : "a text";
        }
    }

    /// A list.
    record Sequence(List<YamlNode> items, Location location) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /// Keys with values, in the file's order; no key stands twice.
    record Mapping(List<Entry> entries, Location location) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        /// The value of a key; a key that is there with nothing (`null`) counts as absent.
        public Optional<YamlNode> find(String key) {
            return entry(key)
                    .map(Entry::value)
                    .filter(value -> !(value instanceof Scalar scalar && scalar.isNull()));
        }

        /// The entry of a key, whatever its value is.
        public Optional<Entry> entry(String key) {
            return entries.stream().filter(entry -> entry.key().text().equals(key)).findFirst();
        }

        @Override
        public String kind() {
            return "a mapping";
        }
    }

    /// One key with its value.
    record Entry(Scalar key, YamlNode value) {}
}
