/// Files that are in an object store and not in the log: which there are, and their bytes. One
/// implementation asks a store that speaks S3. Nothing here knows models, and nothing writes.
@NullMarked
package leat.ml.objectstore;

import org.jspecify.annotations.NullMarked;
