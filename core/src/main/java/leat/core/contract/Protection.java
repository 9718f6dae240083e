package leat.core.contract;

/// What the enricher does to the values of one field before anybody downstream sees them.
///
/// @param path the field; the way may lead through lists of objects, and then means the field of
///   every item
public record Protection(FieldPath path, Action action) {

    /// What becomes of a value.
    public sealed interface Action {

        /// The keyed hash of the text, [#HASH_CHARS] hexadecimal digits.
        record Hash() implements Action {}

        /// The text with its middle, or all of it, replaced by [#MASK].
        ///
        /// @param first how many characters stay at the beginning
        /// @param last how many stay at the end
        record Mask(int first, int last) implements Action {
            public Mask {
                if (first < 0 || last < 0 || first + last > MAX_KEPT) {
                    throw new IllegalArgumentException(
                            "a mask keeps 0 to " + MAX_KEPT + " characters");
                }
            }
        }

        /// The field is cut out, with its name.
        record Drop() implements Action {}
    }

    /// The length of a hash.
    public static final int HASH_CHARS = 64;

    /// The most characters that a mask may keep, first and last together.
    public static final int MAX_KEPT = 8;

    /// What stands for the characters that a mask hides, however many they are.
    public static final String MASK = "***";
}
