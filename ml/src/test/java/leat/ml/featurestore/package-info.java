/// Tests of the feature store.
@NullMarked
package leat.ml.featurestore;

import org.jspecify.annotations.NullMarked;
