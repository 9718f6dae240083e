/// Tests of senders of JSON over HTTP: collectd and syslog-ng.
@NullMarked
package leat.stream.collector.collectd;

import org.jspecify.annotations.NullMarked;
