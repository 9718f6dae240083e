/// What a training pipeline is: the part `training` of a file `models/NAME.yaml`, and what is
/// judged by it: checks of the data before a model is trained, gates of what it is worth after.
/// Knows no algorithm and no log.
@NullMarked
package leat.core.training;

import org.jspecify.annotations.NullMarked;
