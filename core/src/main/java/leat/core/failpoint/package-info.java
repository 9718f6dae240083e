/// Named places where a test can kill the process. Unarmed, a place costs one field read.
@NullMarked
package leat.core.failpoint;

import org.jspecify.annotations.NullMarked;
