package leat.ml.objectstore;

import leat.core.tracking.TrackingRefused;

/// The address of a folder of objects, `s3://BUCKET/PATH`.
///
/// @param folder what the keys of its objects begin with, with a slash at its end; empty for the
///   whole bucket
record ObjectUri(String bucket, String folder) {

    /// Reads an address as clients write it: nothing in it is encoded.
    ///
    /// @throws TrackingRefused when it is none
    static ObjectUri parse(String uri) {
        String rest =
                uri.startsWith(ObjectStore.SCHEME)
                        ? uri.substring(ObjectStore.SCHEME.length())
                        : "";
        int slash = rest.indexOf('/');
        String bucket = slash < 0 ? rest : rest.substring(0, slash);
        if (bucket.isBlank()) {
            throw TrackingRefused.invalid("'" + uri + "' is not s3://BUCKET/PATH");
        }
        String path = slash < 0 ? "" : rest.substring(slash + 1).replaceAll("/+$", "");
        return new ObjectUri(bucket, path.isEmpty() ? "" : path + "/");
    }

    /// The key of a file.
    String key(String path) {
        return folder + path;
    }
}
