/// A fleet of simulated cars: processes that hold a connection for each car and publish what a
/// generator makes, the collector processes that they connect to, and what both have seen. Nothing
/// here knows what is generated.
@NullMarked
package leat.bench.mqtt;

import org.jspecify.annotations.NullMarked;
