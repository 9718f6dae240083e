package leat.core.yaml;

import java.util.regex.Pattern;

/// What YAML's core schema calls a decimal number.
final class YamlNumber {

    private static final Pattern FORM =
            Pattern.compile("[-+]?(\\.[0-9]++|[0-9]++(\\.[0-9]*+)?)([eE][-+]?[0-9]++)?");

    private YamlNumber() {}

    static boolean matches(String text) {
        return FORM.matcher(text).matches();
    }
}
