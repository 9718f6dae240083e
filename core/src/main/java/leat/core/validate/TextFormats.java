package leat.core.validate;

import com.google.re2j.Pattern;
import leat.core.contract.TextFormat;

/// The formats of strings, each as one regular expression that the exported JSON Schema carries
/// too, so that both say the same. They are stricter than the RFCs where those allow what nobody
/// sends: no quoted local parts or address literals in e-mail, no IPv6 zones.
public final class TextFormats {

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String HOSTNAME = LABEL + "(?:\\." + LABEL + ")*";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";
    private static final String HEXTET = "[0-9A-Fa-f]{1,4}";
    private static final String HEX = "[0-9A-Fa-f]";

    private static final Pattern EMAIL_PATTERN = Pattern.compile(regex(TextFormat.EMAIL));
    private static final Pattern HOSTNAME_PATTERN = Pattern.compile(regex(TextFormat.HOSTNAME));
    private static final Pattern IPV4_PATTERN = Pattern.compile(regex(TextFormat.IPV4));
    private static final Pattern IPV6_PATTERN = Pattern.compile(regex(TextFormat.IPV6));
    private static final Pattern URI_PATTERN = Pattern.compile(regex(TextFormat.URI));
    private static final Pattern UUID_PATTERN = Pattern.compile(regex(TextFormat.UUID));

    private TextFormats() {}

    static boolean matches(TextFormat format, String text) {
        Pattern pattern =
                switch (format) {
                    case EMAIL -> EMAIL_PATTERN;
                    case HOSTNAME -> HOSTNAME_PATTERN;
                    case IPV4 -> IPV4_PATTERN;
                    case IPV6 -> IPV6_PATTERN;
                    case URI -> URI_PATTERN;
                    case UUID -> UUID_PATTERN;
                };
        return pattern.matcher(text).find();
    }

    /// The anchored pattern of a format.
    public static String regex(TextFormat format) {
        return switch (format) {
            case EMAIL ->
                    "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                            + HOSTNAME
                            + "$";
            case HOSTNAME -> "^" + HOSTNAME + "$";
            case IPV4 -> "^" + IPV4 + "$";
            case IPV6 -> "^(?:" + ipv6() + ")$";
            case URI ->
                    "^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%"
                            + HEX
                            + HEX
                            + ")+$";
            case UUID ->
                    "^" + HEX + "{8}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{4}-" + HEX + "{12}$";
        };
    }

    /// All places where `::` can stand (RFC 4291, 2.2), with the dotted tail.
    private static String ipv6() {
        String tail = "(?:" + HEXTET + ":" + HEXTET + "|" + IPV4 + ")";
        StringBuilder forms = new StringBuilder("(?:" + HEXTET + ":){6}" + tail);
        for (int before = 0; before <= 7; before++) {
            String head = before == 0 ? "" : HEXTET + "(?::" + HEXTET + "){0," + (before - 1) + "}";
            int after = 7 - before;
            String rest;
            if (after == 0) {
                rest = "";
            } else if (after == 1) {
                rest = "(?:" + HEXTET + ")?";
            } else {
                rest = "(?:(?:" + HEXTET + ":){0," + (after - 2) + "}" + tail + "|" + HEXTET + ")?";
            }
            forms.append('|').append(head).append("::").append(rest);
        }
        return forms.toString();
    }
}
