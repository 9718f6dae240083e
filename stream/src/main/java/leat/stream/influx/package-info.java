/// Data points from the log to InfluxDB, in its line protocol. Knows the log and no other stage.
@NullMarked
package leat.stream.influx;

import org.jspecify.annotations.NullMarked;
