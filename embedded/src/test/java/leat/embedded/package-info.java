@NullMarked
package leat.embedded;

import org.jspecify.annotations.NullMarked;
