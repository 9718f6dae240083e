/// The workspace: its folder, its `leat.yaml` and its contracts, read once and checked as a whole.
@NullMarked
package leat.launcher.config;

import org.jspecify.annotations.NullMarked;
