package leat.core.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import leat.core.tracking.TrackingRefused;

/// What versions of weights alone have to do with the version whose graph they are for: it has to
/// be there when they are made, it stays as long as they do, and they take over what it says of
/// inputs, outputs and profiles.
final class WeightsBase {

    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");

    private WeightsBase() {}

    /// The tags of a version that is to be made, with those of its base that it does not set
    /// itself; the same where it has none.
    ///
    /// @throws TrackingRefused when its base is not there
    static Map<String, String> tagsWithItsOwn(
            ModelFold state, String model, Map<String, String> tags) {
        String number = tags.get(ModelVersion.BASE_TAG);
        if (number == null) {
            return tags;
        }
        if (!NUMBER.matcher(number).matches()) {
            throw TrackingRefused.invalid(
                    "The tag "
                            + ModelVersion.BASE_TAG
                            + " is '"
                            + number
                            + "', and has to be the number of a version of "
                            + model
                            + ", such as 3");
        }
        ModelVersion base =
                state.version(model, Integer.parseInt(number))
                        .orElseThrow(() ->
                                TrackingRefused.absent(
                                        "The tag "
                                                + ModelVersion.BASE_TAG
                                                + " names version "
                                                + number
                                                + ", and "
                                                + model
                                                + " has no such version"));
        Map<String, String> all = new TreeMap<>();
        for (String key : ModelVersion.TAGS_OF_BASE) {
            Optional.ofNullable(base.tags().get(key)).ifPresent(value -> all.put(key, value));
        }
        all.putAll(tags);
        ModelChecks.tags(all);
        return all;
    }

    /// Refuses that a tag is changed which says what a version is.
    ///
    /// @throws TrackingRefused when it is such a one
    static void checkFree(String key) {
        if (key.equals(ModelVersion.BASE_TAG) || key.equals(ModelVersion.BASE_SHA256_TAG)) {
            throw TrackingRefused.invalid(
                    "The tag "
                            + key
                            + " says what a version is: it is given when the version is made, and"
                            + " never changes");
        }
    }

    /// Refuses that a version is deleted which others need.
    ///
    /// @throws TrackingRefused when there are such
    static void checkUnneeded(ModelFold state, ModelVersion base) {
        List<ModelVersion> needing =
                state.versions(base.modelName()).stream()
                        .filter(one -> one.base().orElse(0) == base.info().number())
                        .toList();
        if (!needing.isEmpty()) {
            throw TrackingRefused.invalid(
                    base.reference()
                            + " is the base of weights alone, of "
                            + needing.stream()
                                    .map(ModelVersion::reference)
                                    .collect(Collectors.joining(", "))
                            + ": delete those first");
        }
    }

    /// What speaks against weights that nobody has tried: that their base had to go through gates,
    /// and they did not.
    static Optional<String> untried(ModelFold state, ModelVersion version) {
        if (version.base().isEmpty() || version.tags().containsKey(ModelVersion.GATES_TAG)) {
            return Optional.empty();
        }
        Optional<ModelVersion> base = state.version(version.modelName(), version.base().getAsInt());
        // A base that is of weights alone itself is older than what names it, so this ends.
        while (base.isPresent()
                && base.get().base().isPresent()
                && !base.get().tags().containsKey(ModelVersion.GATES_TAG)) {
            base = state.version(version.modelName(), base.get().base().getAsInt());
        }
        return base.filter(one -> one.tags().containsKey(ModelVersion.GATES_TAG))
                .map(one ->
                        version.reference()
                                + " is weights alone that went through no gates, other than its"
                                + " base "
                                + one.reference());
    }
}
