/// The commands of `leat`, one class each: they read options, call the part that does the work and
/// print what it found. Nothing is decided here.
@NullMarked
package leat.launcher.cli;

import org.jspecify.annotations.NullMarked;
