/// The collector's MQTT door: 3.1.1 and 5, publishing only. A template gives each topic its
/// contract and its key; a PUBACK is sent when the log has the event. No session outlives its
/// connection, and nothing is ever sent to a subscriber: for that a broker stands before this door.
@NullMarked
package leat.stream.collector.mqtt;

import org.jspecify.annotations.NullMarked;
