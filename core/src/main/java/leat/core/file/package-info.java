/// Folders and what is in them.
@NullMarked
package leat.core.file;

import org.jspecify.annotations.NullMarked;
