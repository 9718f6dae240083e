/// Tests of the fleet's parts that need no process.
@NullMarked
package leat.bench.mqtt;

import org.jspecify.annotations.NullMarked;
