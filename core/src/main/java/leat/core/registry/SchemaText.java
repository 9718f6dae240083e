package leat.core.registry;

/// One schema of a contract's version, before it has an id.
///
/// @param subject the topic and what of its records is described, `leat.raw.car.v1-value`
/// @param type in which language `text` is
public record SchemaText(String subject, SchemaType type, String text) {

    /// The languages that a schema registry knows.
    public enum SchemaType {
        JSON,
        AVRO,
        PROTOBUF
    }
}
