/// Tests of the collector's HTTP door.
@NullMarked
package leat.stream.collector.http;

import org.jspecify.annotations.NullMarked;
