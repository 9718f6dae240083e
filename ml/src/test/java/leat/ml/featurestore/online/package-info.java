/// Tests of the online store.
@NullMarked
package leat.ml.featurestore.online;

import org.jspecify.annotations.NullMarked;
