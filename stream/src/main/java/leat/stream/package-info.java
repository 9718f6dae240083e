/// The way of an event: from the doors over the log to search, lake and SQL. Each sub-package is
/// one stage; stages meet on topics only and share nothing but `log`.
@NullMarked
package leat.stream;

import org.jspecify.annotations.NullMarked;
