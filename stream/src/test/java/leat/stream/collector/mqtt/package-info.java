@NullMarked
package leat.stream.collector.mqtt;

import org.jspecify.annotations.NullMarked;
