/// What there is in a workspace and what comes from what: contracts, feature views, feature sets.
/// Pure; whoever asks brings the definitions.
@NullMarked
package leat.core.catalog;

import org.jspecify.annotations.NullMarked;
