package leat.core.contract;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A contract's version, `major.minor.patch`. The major number is part of every topic and table
/// name.
public record ContractVersion(int major, int minor, int patch)
        implements Comparable<ContractVersion> {

    private static final Pattern FORM =
            Pattern.compile("v?(\\d{1,6})(?:\\.(\\d{1,6}))?(?:\\.(\\d{1,6}))?");
    private static final Comparator<ContractVersion> ORDER =
            Comparator.comparingInt(ContractVersion::major)
                    .thenComparingInt(ContractVersion::minor)
                    .thenComparingInt(ContractVersion::patch);

    /// Reads `1`, `1.2` or `1.2.3`, each with or without a leading `v`.
    ///
    /// @throws IllegalArgumentException when `text` is none of these
    public static ContractVersion parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "version '" + text + "' is not of the form major.minor.patch");
        }
        return new ContractVersion(part(form, 1), part(form, 2), part(form, 3));
    }

    private static int part(Matcher form, int group) {
        String digits = form.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    @Override
    public int compareTo(ContractVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
