/// All versions of all contracts that a platform has run with, as a fold over records: `decide`
/// says what a version of a contract would add, `apply` adds it. Pure; the topic is elsewhere.
///
/// A registered version carries schemas, each with an id that never changes. Which ones is said by
/// a [leat.core.registry.SchemaSource]; [leat.core.registry.JsonSchemas] yields JSON Schema of the
/// raw and the enriched topic. Another payload encoding (Avro, Protobuf) adds its schemas by a
/// `SchemaSource` of its own, joined to the others with `and` where the launcher wires the
/// registrar: subject, type and text are all that the registry and its endpoint need.
@NullMarked
package leat.core.registry;

import org.jspecify.annotations.NullMarked;
