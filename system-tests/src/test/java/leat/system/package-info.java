/// The whole program as its users run it: started as a process, fed over HTTP, killed, audited.
@NullMarked
package leat.system;

import org.jspecify.annotations.NullMarked;
