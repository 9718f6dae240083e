/// Tests of what `leat demo` adds to a platform.
@NullMarked
package leat.launcher.demo;

import org.jspecify.annotations.NullMarked;
