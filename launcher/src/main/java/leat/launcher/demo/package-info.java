/// What `leat demo` adds to a running platform: somebody who sends, somebody who measures, and the
/// final count. The workspace names the generator; nothing here knows what it generates.
@NullMarked
package leat.launcher.demo;

import org.jspecify.annotations.NullMarked;
