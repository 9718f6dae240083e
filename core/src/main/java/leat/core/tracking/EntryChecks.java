package leat.core.tracking;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/// MLflow's rules for names and values, and its texts of what breaks them.
public final class EntryChecks {

    private static final Pattern NAME =
            Pattern.compile("[/\\w.\\- :]*", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern RUN_ID = Pattern.compile("[a-zA-Z0-9][\\w\\-]{0,255}");

    private EntryChecks() {}

    static void runId(String id) {
        if (!RUN_ID.matcher(id).matches()) {
            throw TrackingRefused.invalid(invalid("run_id", id) + ".");
        }
    }

    /// @param path says where in the request the name stands
    static void name(String path, String name) {
        if (name.isEmpty()) {
            throw TrackingRefused.invalid(invalid(path, name) + ": A key name must be provided.");
        }
        if (!NAME.matcher(name).matches()) {
            throw TrackingRefused.invalid(
                    invalid(path, name)
                            + ": Names may only contain alphanumerics, underscores (_), dashes (-),"
                            + " periods (.), spaces ( ), colon(:) and slashes (/).");
        }
        String normal = normal(name);
        if (!normal.equals(name)
                || normal.equals(".")
                || normal.startsWith("..")
                || normal.startsWith("/")) {
            throw TrackingRefused.invalid(
                    invalid(path, name)
                            + ": Names may be treated as files in certain cases, and must not"
                            + " resolve to other names when treated as such. This name would resolve"
                            + " to '"
                            + normal
                            + "'");
        }
    }

    /// Refuses a long text.
    ///
    /// @param what the field, as the text names it
    /// @throws TrackingRefused when it is too long
    public static void length(String what, String value, int limit) {
        if (value.codePointCount(0, value.length()) > limit) {
            throw TrackingRefused.invalid(
                    "'" + what + "' exceeds the maximum length of " + limit + " characters");
        }
    }

    static void param(String path, String key, String value) {
        name(path + "key", key);
        length(path + "key", key, TrackingLimits.KEY_CHARACTERS);
        length(path + "value", value, TrackingLimits.PARAM_CHARACTERS);
    }

    /// Refuses what is no tag.
    ///
    /// @param path says where in the request it stands
    /// @throws TrackingRefused when it is none
    public static void tag(String path, String key, String value, int valueCharacters) {
        name(path + "key", key);
        length(path + "key", key, TrackingLimits.KEY_CHARACTERS);
        length(path + "value", value, valueCharacters);
    }

    static void metric(String path, Metric metric) {
        name(path + "name", metric.key());
        length(path + "name", metric.key(), TrackingLimits.KEY_CHARACTERS);
        if (metric.timestampMillis() < 0) {
            throw TrackingRefused.invalid(
                    "Invalid value "
                            + metric.timestampMillis()
                            + " for parameter '"
                            + path
                            + "timestamp' supplied: metric '"
                            + metric.key()
                            + "' (value="
                            + metric.value()
                            + "). Timestamp must be a nonnegative long (64-bit integer)");
        }
    }

    /// Refuses a dataset whose name or digest is too long.
    ///
    /// @param path says where in the request it stands
    /// @throws TrackingRefused when one is
    static void dataset(String path, DatasetId id) {
        length(path + "name", id.name(), TrackingLimits.DATASET_NAME_CHARACTERS);
        length(path + "digest", id.digest(), TrackingLimits.DATASET_DIGEST_CHARACTERS);
    }

    private static String invalid(String path, String value) {
        return "Invalid value \"" + value + "\" for parameter '" + path + "' supplied";
    }

    /// A path without the parts that change nothing.
    private static String normal(String path) {
        boolean absolute = path.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.equals("..") || !absolute) {
                parts.addLast(part);
            }
        }
        String joined = (absolute ? "/" : "") + String.join("/", parts);
        return joined.isEmpty() ? "." : joined;
    }
}
