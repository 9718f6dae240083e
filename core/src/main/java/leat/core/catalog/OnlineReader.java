package leat.core.catalog;

import java.time.Instant;

/// Who asks a process for the newest features of a view or of a set.
///
/// @param name of its key; `anonymous` where no key is asked for, `others` for all that came when
///   there were as many names as are told apart, and for a key of that name
/// @param questions that were answered since the process started
/// @param last when the last of them was
public record OnlineReader(String name, long questions, Instant last) {}
