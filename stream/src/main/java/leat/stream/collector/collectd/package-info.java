/// The value lists of collectd's write_http plugin as events of the contract of data points.
@NullMarked
package leat.stream.collector.collectd;

import org.jspecify.annotations.NullMarked;
