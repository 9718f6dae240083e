@NullMarked
package leat.ml.online;

import org.jspecify.annotations.NullMarked;
