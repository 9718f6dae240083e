/// What the tests of all stages share: one embedded broker a test run, and names that do not meet.
@NullMarked
package leat.stream.testing;

import org.jspecify.annotations.NullMarked;
