/// MLflow's language of filters and orders, as small types, and searches with them.
@NullMarked
package leat.core.tracking.search;

import org.jspecify.annotations.NullMarked;
