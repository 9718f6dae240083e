/// A contract as JSON Schema, for those who validate outside Leat.
@NullMarked
package leat.core.jsonschema;

import org.jspecify.annotations.NullMarked;
