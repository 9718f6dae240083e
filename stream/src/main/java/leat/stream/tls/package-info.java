/// Certificates and private keys from PEM files, checked when they are read, for servers and
/// clients alike. No server, no client and no following of files lives here.
@NullMarked
package leat.stream.tls;

import org.jspecify.annotations.NullMarked;
