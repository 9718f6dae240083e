/// Tests of the collector behind its doors, and what they share.
@NullMarked
package leat.stream.collector;

import org.jspecify.annotations.NullMarked;
