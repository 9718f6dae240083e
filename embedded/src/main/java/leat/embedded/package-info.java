/// What the embedded servers share. Neither knows the other.
@NullMarked
package leat.embedded;

import org.jspecify.annotations.NullMarked;
