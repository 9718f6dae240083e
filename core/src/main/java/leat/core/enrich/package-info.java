/// What the enricher adds to an event: constants and derived fields. Pure; look-ups are given.
@NullMarked
package leat.core.enrich;

import org.jspecify.annotations.NullMarked;
