package leat.stream.collector;

/// The settings name a contract that is not there: the user has to change them.
public final class NoSuchContract extends RuntimeException {

    private final String remedy;

    NoSuchContract(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
