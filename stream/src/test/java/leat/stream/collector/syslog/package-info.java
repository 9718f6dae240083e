/// Tests of syslog over TCP, with real senders.
@NullMarked
package leat.stream.collector.syslog;

import org.jspecify.annotations.NullMarked;
