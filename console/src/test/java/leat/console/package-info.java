/// Tests of the console.
@NullMarked
package leat.console;

import org.jspecify.annotations.NullMarked;
