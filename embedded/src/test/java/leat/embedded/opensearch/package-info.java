/// The supervised engine against real processes.
@NullMarked
package leat.embedded.opensearch;

import org.jspecify.annotations.NullMarked;
