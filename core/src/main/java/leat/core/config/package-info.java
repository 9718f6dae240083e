/// Settings as records: one annotation names, explains and defaults a key; one binder reads them
/// all.
@NullMarked
package leat.core.config;

import org.jspecify.annotations.NullMarked;
