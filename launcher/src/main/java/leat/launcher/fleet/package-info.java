/// A fleet of simulated cars on a workspace, for `leat demo` and `leat bench mqtt`, and what the
/// bench adds: a platform for the cars' events, and the audit of what became of them.
@NullMarked
package leat.launcher.fleet;

import org.jspecify.annotations.NullMarked;
