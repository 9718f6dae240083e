package leat.core.model;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import leat.core.artifact.StoredFiles;
import leat.core.tracking.EntryChecks;
import leat.core.tracking.TrackingRefused;

/// MLflow's rules for the names of models and aliases, and its texts of what breaks them.
final class ModelChecks {

    private static final Pattern ALIAS = Pattern.compile("[\\w\\-]+");
    private static final Pattern VERSION_ALIAS = Pattern.compile("[vV]\\d+");

    private ModelChecks() {}

    static void name(String name) {
        if (name.isBlank()) {
            throw TrackingRefused.invalid("Registered model name cannot be empty.");
        }
        boolean path =
                name.contains("/")
                        || name.contains(":")
                        || name.equals(".")
                        || name.equals("..")
                        || name.chars().anyMatch(Character::isISOControl);
        if (path) {
            throw TrackingRefused.invalid(
                    "Invalid model name '" + name + "'. Names cannot contain '/' or ':'.");
        }
        EntryChecks.length("name", name, ModelLimits.NAME_CHARACTERS);
    }

    static void alias(String alias) {
        if (!ALIAS.matcher(alias).matches()) {
            throw TrackingRefused.invalid(
                    "Invalid alias name: '"
                            + alias
                            + "'. Names may only contain alphanumerics, underscores (_) and dashes"
                            + " (-).");
        }
        EntryChecks.length("Registered model alias name", alias, ModelLimits.ALIAS_CHARACTERS);
        if (alias.toLowerCase(Locale.ROOT).equals("latest")) {
            throw TrackingRefused.invalid("'latest' alias name (case insensitive) is reserved.");
        }
        if (VERSION_ALIAS.matcher(alias).matches()) {
            throw TrackingRefused.invalid("Version alias name '" + alias + "' is reserved.");
        }
    }

    static void description(String description) {
        EntryChecks.length("description", description, ModelLimits.DESCRIPTION_CHARACTERS);
    }

    static void tags(Map<String, String> tags) {
        tags.forEach(
                (key, value) -> EntryChecks.tag("tags.", key, value, ModelLimits.TAG_CHARACTERS));
        ModelLimits.withinLimit("The tags", tags.size(), ModelLimits.KEYS);
    }

    static void stored(StoredFiles stored) {
        EntryChecks.length("source", stored.uri(), ModelLimits.URI_CHARACTERS);
        ModelLimits.withinLimit(
                "The files of the version", stored.files().size(), ModelLimits.STORED_FILES);
        ModelLimits.withinLimit(
                "The characters of the paths and ETags of its files",
                stored.files().stream()
                        .mapToLong(file -> file.path().length() + file.etag().length())
                        .sum(),
                ModelLimits.STORED_CHARACTERS);
    }

    static void tag(Map<String, String> known, String key, String value) {
        EntryChecks.tag("", key, value, ModelLimits.TAG_CHARACTERS);
        if (!known.containsKey(key)) {
            ModelLimits.withinLimit("The tags", known.size() + 1L, ModelLimits.KEYS);
        }
    }
}
