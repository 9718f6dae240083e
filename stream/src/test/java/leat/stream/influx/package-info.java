/// Tests of the loader of metrics, with a real InfluxDB.
@NullMarked
package leat.stream.influx;

import org.jspecify.annotations.NullMarked;
