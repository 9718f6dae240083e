/// Tests of SQL and the union read.
@NullMarked
package leat.stream.sql;

import org.jspecify.annotations.NullMarked;
