package leat.core.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.tracking.TrackingRefused;

/// Which version of a registered model is meant: `NAME/3` or `NAME@ALIAS`, each also with MLflow's
/// `models:/` before it.
public sealed interface ModelReference {

    String modelName();

    record Numbered(String modelName, int version) implements ModelReference {
        @Override
        public String toString() {
            return modelName + "/" + version;
        }
    }

    record Aliased(String modelName, String alias) implements ModelReference {
        @Override
        public String toString() {
            return modelName + "@" + alias;
        }
    }

    Pattern NUMBERED = Pattern.compile("([^/:]+)/([1-9]\\d{0,8})");
    Pattern ALIASED = Pattern.compile("([^/:]+)@([\\w\\-]+)");
    String SCHEME = "models:/";

    /// Reads what a setting or a request says.
    ///
    /// @throws TrackingRefused when it is none
    static ModelReference parse(String text) {
        String reference = text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text;
        Matcher numbered = NUMBERED.matcher(reference);
        if (numbered.matches()) {
            return new Numbered(numbered.group(1), Integer.parseInt(numbered.group(2)));
        }
        Matcher aliased = ALIASED.matcher(reference);
        if (aliased.matches()) {
            return new Aliased(aliased.group(1), aliased.group(2));
        }
        throw TrackingRefused.invalid(
                "'"
                        + text
                        + "' names no version of a registered model: write NAME/3 or NAME@ALIAS");
    }
}
