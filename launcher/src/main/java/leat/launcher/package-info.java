/// Where the program starts and where its parts are wired: [leat.launcher.Platform] is the only
/// place that knows all of them. What a part does lives in its own module.
@NullMarked
package leat.launcher;

import org.jspecify.annotations.NullMarked;
