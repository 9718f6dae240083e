/// Tests of the arithmetic behind the figures; what is measured is not tested here.
@NullMarked
package leat.bench;

import org.jspecify.annotations.NullMarked;
