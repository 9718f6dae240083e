@NullMarked
package leat.launcher.config;

import org.jspecify.annotations.NullMarked;
