package leat.console.grpc;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;
import leat.console.inference.InferenceRefusal;
import leat.console.inference.InferenceServer;
import leat.inference.v2.GRPCInferenceServiceGrpc;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelInferResponse;
import leat.inference.v2.ModelMetadataRequest;
import leat.inference.v2.ModelMetadataResponse;
import leat.inference.v2.ModelReadyRequest;
import leat.inference.v2.ModelReadyResponse;
import leat.inference.v2.RepositoryIndexRequest;
import leat.inference.v2.RepositoryIndexResponse;
import leat.inference.v2.RepositoryModelLoadRequest;
import leat.inference.v2.RepositoryModelLoadResponse;
import leat.inference.v2.RepositoryModelUnloadRequest;
import leat.inference.v2.RepositoryModelUnloadResponse;
import leat.inference.v2.ServerLiveRequest;
import leat.inference.v2.ServerLiveResponse;
import leat.inference.v2.ServerMetadataRequest;
import leat.inference.v2.ServerMetadataResponse;
import leat.inference.v2.ServerReadyRequest;
import leat.inference.v2.ServerReadyResponse;
import leat.ml.scoring.Inference;
import leat.stream.collector.call.GrpcProblem;

/// `inference.GRPCInferenceService`: registered models in the Open Inference Protocol, version 2.
final class InferenceService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    private final Inference inference;

    InferenceService(Inference inference) {
        this.inference = inference;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> answer) {
        answer(answer, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    /// Ready is who can read the registry.
    @Override
    public void serverReady(
            ServerReadyRequest request, StreamObserver<ServerReadyResponse> answer) {
        answer(
                answer,
                () ->
                        ServerReadyResponse.newBuilder()
                                .setReady(succeeds(inference::checkReady))
                                .build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> answer) {
        answer(
                answer,
                () ->
                        ModelReadyResponse.newBuilder()
                                .setReady(
                                        succeeds(() ->
                                                inference.describe(
                                                        request.getName(), request.getVersion())))
                                .build());
    }

    private static boolean succeeds(Runnable check) {
        try {
            check.run();
            return true;
        } catch (RuntimeException e) {
            InferenceRefusal.logged(e);
            return false;
        }
    }

    @Override
    public void serverMetadata(
            ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> answer) {
        answer(
                answer,
                () ->
                        ServerMetadataResponse.newBuilder()
                                .setName(InferenceServer.NAME)
                                .setVersion(InferenceServer.version())
                                .addExtensions(InferenceServer.REPOSITORY_EXTENSION)
                                .build());
    }

    @Override
    public void modelMetadata(
            ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
        answer(
                answer,
                () ->
                        InferenceMessages.metadata(
                                request.getName(),
                                inference.describe(request.getName(), request.getVersion())));
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> answer) {
        answer(
                answer,
                () ->
                        InferenceMessages.response(
                                inference.infer(
                                        request.getModelName(),
                                        request.getModelVersion(),
                                        InferenceMessages.request(request),
                                        CallersWithKeys.callerName())));
    }

    @Override
    public void repositoryIndex(
            RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> answer) {
        answer(
                answer,
                () ->
                        RepositoryIndexResponse.newBuilder()
                                .addAllModels(
                                        inference.index().stream()
                                                .filter(one -> one.isReady() || !request.getReady())
                                                .map(InferenceMessages::indexed)
                                                .toList())
                                .build());
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request,
            StreamObserver<RepositoryModelLoadResponse> answer) {
        answer(
                answer,
                () -> {
                    inference.load(request.getModelName());
                    return RepositoryModelLoadResponse.getDefaultInstance();
                });
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request,
            StreamObserver<RepositoryModelUnloadResponse> answer) {
        answer(
                answer,
                () -> {
                    inference.unload(request.getModelName());
                    return RepositoryModelUnloadResponse.getDefaultInstance();
                });
    }

    private static <T> void answer(StreamObserver<T> answer, Supplier<T> call) {
        T message;
        try {
            message = call.get();
        } catch (RuntimeException e) {
            GrpcProblem.Ending ending =
                    InferenceProblem.of(InferenceRefusal.logged(e)).ending(List.of());
            answer.onError(ending.status().asRuntimeException(ending.trailers()));
            return;
        }
        answer.onNext(message);
        answer.onCompleted();
    }
}
