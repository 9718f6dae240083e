package leat.stream.retry;

/// Dead letters cannot be brought back like this: why not, and what to do instead. What had come
/// back before is remembered, so that the same command can go on.
public final class RetryRefused extends RuntimeException {

    private final String remedy;

    RetryRefused(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
