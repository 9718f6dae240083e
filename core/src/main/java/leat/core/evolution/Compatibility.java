package leat.core.evolution;

/// Who can read whose events across two versions of a contract. To read is to find the same values
/// in the same fields; a reader passes over fields that its version does not name.
public enum Compatibility {
    /// Both of the below.
    FULL(true, true),
    /// A reader of the later version reads every event of the earlier one.
    BACKWARD(true, false),
    /// A reader of the earlier version reads every event of the later one.
    FORWARD(false, true),
    /// Neither.
    BREAKING(false, false);

    private final boolean backward;
    private final boolean forward;

    Compatibility(boolean backward, boolean forward) {
        this.backward = backward;
        this.forward = forward;
    }

    static Compatibility of(boolean backward, boolean forward) {
        if (backward) {
            return forward ? FULL : BACKWARD;
        }
        return forward ? FORWARD : BREAKING;
    }

    /// Whether events of the earlier version stay readable.
    public boolean isBackward() {
        return backward;
    }

    /// Whether events of the later version are readable to those who know the earlier one.
    public boolean isForward() {
        return forward;
    }

    /// What two changes are together.
    Compatibility and(Compatibility other) {
        return of(backward && other.backward, forward && other.forward);
    }

    /// `backward`, as in answers and tables.
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
