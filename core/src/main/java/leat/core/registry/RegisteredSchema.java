package leat.core.registry;

/// A schema with its id.
///
/// @param id from 1, the same for the same type and text under whatever subject; never changes
/// @param number the schema's number within its subject, from 1 in the order of registration
public record RegisteredSchema(int id, int number, SchemaText schema) {

    public String subject() {
        return schema.subject();
    }
}
