/// What `leat bench` measures. Every figure stands beside a limit or a peer that was measured in
/// the same run, on the same broker, with the same bytes: machines are noisy, ratios are less so.
@NullMarked
package leat.bench;

import org.jspecify.annotations.NullMarked;
