/// Feature views: what they say, the values of an entity's events, windows of them, vectors.
@NullMarked
package leat.core.feature;

import org.jspecify.annotations.NullMarked;
