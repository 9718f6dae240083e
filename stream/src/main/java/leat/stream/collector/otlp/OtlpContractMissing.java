package leat.stream.collector.otlp;

/// The settings name a contract that is not there: the user has to change them.
public final class OtlpContractMissing extends RuntimeException {

    private final String remedy;

    OtlpContractMissing(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
