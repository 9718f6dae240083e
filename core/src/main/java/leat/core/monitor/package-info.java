/// What a model's features and scores look like, and how far that has moved: profiles of training
/// data and of windows, and the drift from one to the other. Pure; who feeds the profiles and
/// raises alerts is others' business.
@NullMarked
package leat.core.monitor;

import org.jspecify.annotations.NullMarked;
