/// What a new version of a contract means for those who follow an earlier one: every change with
/// its compatibility class, and whether the version number says enough. Pure; it knows contracts,
/// not where versions are kept.
@NullMarked
package leat.core.evolution;

import org.jspecify.annotations.NullMarked;
