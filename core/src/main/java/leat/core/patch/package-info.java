/// Corrections of payloads whose contract refused them: one value in the client's bytes is set,
/// everything else stays as it is.
@NullMarked
package leat.core.patch;

import org.jspecify.annotations.NullMarked;
