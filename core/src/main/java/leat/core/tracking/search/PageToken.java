package leat.core.tracking.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.tracking.TrackingRefused;

/// How many answers were given out before, as MLflow writes it: base64 of `{"offset": N}`.
///
/// @param offset none at the first page
public record PageToken(int offset) {

    private static final Pattern FORM =
            Pattern.compile("\\{\\s*\"offset\"\\s*:\\s*(\\d{1,9})\\s*\\}");

    /// Reads what [#text] wrote.
    ///
    /// @param text empty for the first page
    /// @throws TrackingRefused when it is none
    public static PageToken parse(String text) {
        if (text.isEmpty()) {
            return new PageToken(0);
        }
        String decoded;
        try {
            decoded = new String(Base64.getDecoder().decode(text), UTF_8);
        } catch (IllegalArgumentException _) {
            throw TrackingRefused.invalid("Invalid page token, could not base64-decode");
        }
        Matcher form = FORM.matcher(decoded);
        if (!form.matches()) {
            throw TrackingRefused.invalid("Invalid page token, decoded value=" + decoded);
        }
        return new PageToken(Integer.parseInt(form.group(1)));
    }

    public String text() {
        return Base64.getEncoder().encodeToString(("{\"offset\": " + offset + "}").getBytes(UTF_8));
    }
}
