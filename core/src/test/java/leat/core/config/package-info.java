/// Tests of the settings binder.
@NullMarked
package leat.core.config;

import org.jspecify.annotations.NullMarked;
