/// Syslog over TCP and over TLS (RFC 5425): RFC 5424 and RFC 3164 in either framing of RFC 6587, as
/// events of the contract of log records.
@NullMarked
package leat.stream.collector.syslog;

import org.jspecify.annotations.NullMarked;
