@NullMarked
package leat.stream.enricher.api;

import org.jspecify.annotations.NullMarked;
