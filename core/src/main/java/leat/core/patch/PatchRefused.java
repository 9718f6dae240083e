package leat.core.patch;

/// A correction that cannot be made of any event: what is wrong with it, and what would be right.
public final class PatchRefused extends RuntimeException {

    private final String remedy;

    PatchRefused(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
