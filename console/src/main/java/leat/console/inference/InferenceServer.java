package leat.console.inference;

import java.util.Optional;

/// What this server is to callers of the protocol, over HTTP and gRPC.
public final class InferenceServer {

    /// The most bytes of a request.
    public static final int MAX_REQUEST_BYTES = 8 << 20;

    /// Its name.
    public static final String NAME = "leat";

    /// What computes the models.
    public static final String PLATFORM = "onnxruntime_onnx";

    /// The extension for models that are listed, loaded and unloaded.
    public static final String REPOSITORY_EXTENSION = "model_repository";

    private InferenceServer() {}

    /// The program's version.
    public static String version() {
        return Optional.ofNullable(InferenceServer.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
