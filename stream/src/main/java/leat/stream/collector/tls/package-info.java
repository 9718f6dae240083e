/// TLS at doors: files of certificates that are followed, and the handshake before a Netty
/// connection's first byte. What the files hold is read in [leat.stream.tls].
@NullMarked
package leat.stream.collector.tls;

import org.jspecify.annotations.NullMarked;
