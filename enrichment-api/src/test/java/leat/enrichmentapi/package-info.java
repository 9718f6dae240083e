/// Tests of the Enrichment API server over real sockets.
@NullMarked
package leat.enrichmentapi;

import org.jspecify.annotations.NullMarked;
