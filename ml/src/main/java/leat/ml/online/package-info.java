/// Models that learn as they score: what a version of one begins with, and how it goes on. The same
/// rows in the same order give the same bits, whether or not the state was written and read in
/// between. Knows no log, no files and no clock.
@NullMarked
package leat.ml.online;

import org.jspecify.annotations.NullMarked;
