/// Tests of the wiring, and of the structure of the whole program.
@NullMarked
package leat.launcher;

import org.jspecify.annotations.NullMarked;
