/// What is done to the values of protected fields before an event is handed on: hashed, masked, cut
/// out. Pure; the key is given.
@NullMarked
package leat.core.protect;

import org.jspecify.annotations.NullMarked;
