/// Tests of the local views of reference data.
@NullMarked
package leat.stream.reference;

import org.jspecify.annotations.NullMarked;
