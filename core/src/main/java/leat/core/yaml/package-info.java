/// YAML read into nodes that know their file, line and column, so that every complaint can name
/// them.
@NullMarked
package leat.core.yaml;

import org.jspecify.annotations.NullMarked;
