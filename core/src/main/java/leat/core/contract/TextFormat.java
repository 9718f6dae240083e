package leat.core.contract;

/// The string formats of ODCS that Leat checks; the names are JSON Schema's.
public enum TextFormat {
    EMAIL("email"),
    HOSTNAME("hostname"),
    IPV4("ipv4"),
    IPV6("ipv6"),
    URI("uri"),
    UUID("uuid");

    private final String jsonSchemaName;

    TextFormat(String jsonSchemaName) {
        this.jsonSchemaName = jsonSchemaName;
    }

    public String jsonSchemaName() {
        return jsonSchemaName;
    }
}
