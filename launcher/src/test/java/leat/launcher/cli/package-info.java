/// Tests of the commands.
@NullMarked
package leat.launcher.cli;

import org.jspecify.annotations.NullMarked;
