package leat.core.contract;

import java.util.regex.Pattern;

/// The name of a contract, as it stands in URLs, topics, indices and (with underscores) tables:
/// lower case letters, digits and single hyphens, starting with a letter, at most 80 characters.
public record ContractName(String value) implements Comparable<ContractName> {

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final int MAX_LENGTH = 80;

    /// @throws IllegalArgumentException when `value` is not of that form
    public ContractName {
        if (value.length() > MAX_LENGTH || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "contract name '"
                            + value
                            + "' must be lower case letters, digits and single hyphens, start with a"
                            + " letter and have at most "
                            + MAX_LENGTH
                            + " characters");
        }
    }

    /// The name as SQL and Iceberg write it: hyphens become underscores.
    public String tableName() {
        return value.replace('-', '_');
    }

    @Override
    public int compareTo(ContractName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
