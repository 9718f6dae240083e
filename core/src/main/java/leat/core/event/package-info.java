/// What an event is called and where it stands: identity, position, names, headers. Values only.
@NullMarked
package leat.core.event;

import org.jspecify.annotations.NullMarked;
