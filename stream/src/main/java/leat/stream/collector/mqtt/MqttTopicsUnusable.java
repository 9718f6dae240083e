package leat.stream.collector.mqtt;

/// The topics of the settings do not fit the contracts, or each other: the user has to change them.
public final class MqttTopicsUnusable extends RuntimeException {

    private final String remedy;

    MqttTopicsUnusable(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
