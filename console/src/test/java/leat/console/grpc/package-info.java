@NullMarked
package leat.console.grpc;

import org.jspecify.annotations.NullMarked;
