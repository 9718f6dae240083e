package leat.console.grpc;

import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Semaphore;
import leat.features.v1.FeaturesGrpc;
import leat.features.v1.GetReply;
import leat.features.v1.GetRequest;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.FeaturesRefused;
import leat.ml.featurestore.online.FoundFeatures;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// `leat.features.v1.Features`: the newest features of entities, of a view or of a set.
final class FeaturesService extends FeaturesGrpc.FeaturesImplBase {

    /// What clients take unless they say otherwise.
    private static final int MAX_REPLY_BYTES = 4 << 20;

    /// Of a request; the server itself takes what models are asked, which is more.
    private static final int MAX_REQUEST_BYTES = 1 << 20;

    private static final int MAX_CALLS = 256;
    private static final long RETRY_MILLIS = 1_000;

    private final FeatureQueries queries;
    private final Semaphore calls = new Semaphore(MAX_CALLS);

    FeaturesService(FeatureQueries queries) {
        this.queries = queries;
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetReply> answer) {
        GetReply reply;
        try {
            reply = counted(request);
        } catch (RefusedCall e) {
            GrpcProblem.Ending ending = e.problem().ending(List.of());
            answer.onError(ending.status().asRuntimeException(ending.trailers()));
            return;
        }
        answer.onNext(reply);
        answer.onCompleted();
    }

    private GetReply counted(GetRequest request) throws RefusedCall {
        if (!calls.tryAcquire()) {
            throw new RefusedCall(
                    new GrpcProblem(
                            Code.RESOURCE_EXHAUSTED,
                            "too-busy",
                            "as many calls as may be are being answered, " + MAX_CALLS,
                            "send again after the delay of RetryInfo",
                            RETRY_MILLIS));
        }
        try {
            refuseTooLarge(request);
            return FeatureReplies.of(find(request), MAX_REPLY_BYTES);
        } catch (FeaturesRefused e) {
            throw new RefusedCall(problem(e));
        } catch (FeatureReplies.TooLarge e) {
            throw new RefusedCall(
                    new GrpcProblem(
                            Code.OUT_OF_RANGE,
                            FeaturesRefused.Kind.TOO_LARGE.word(),
                            String.valueOf(e.getMessage()),
                            "ask for fewer entities at once, or name the features that are needed",
                            0));
        } catch (OnlineUnavailable e) {
            throw new RefusedCall(
                    new GrpcProblem(
                            Code.UNAVAILABLE,
                            "not-ready",
                            String.valueOf(e.getMessage()),
                            e.remedy(),
                            RETRY_MILLIS));
        } finally {
            calls.release();
        }
    }

    private static void refuseTooLarge(GetRequest request) throws RefusedCall {
        if (request.getSerializedSize() > MAX_REQUEST_BYTES) {
            throw new RefusedCall(
                    new GrpcProblem(
                            Code.RESOURCE_EXHAUSTED,
                            FeaturesRefused.Kind.TOO_LARGE.word(),
                            "the request has more than " + MAX_REQUEST_BYTES + " bytes",
                            "ask for fewer entities at once",
                            0));
        }
    }

    private FoundFeatures find(GetRequest request) throws RefusedCall {
        List<String> entities = request.getEntitiesList();
        if (entities.isEmpty()) {
            throw refused("the request names no entity", "name one or more under 'entities'");
        }
        List<String> features = request.getFeaturesList();
        return switch (request.getOfCase()) {
            case VIEW ->
                    queries.find(
                            new FeatureQueries.Question(
                                    request.getView(),
                                    entities,
                                    features,
                                    CallersWithKeys.callerName()));
            case SET ->
                    queries.find(
                            new FeatureQueries.SetQuestion(
                                    request.getSet(),
                                    entities,
                                    features,
                                    CallersWithKeys.callerName()));
            case OF_NOT_SET ->
                    throw refused(
                            "the request names neither a view nor a set", "set 'view' or 'set'");
        };
    }

    private static RefusedCall refused(String message, String remedy) {
        return new RefusedCall(GrpcProblem.invalid("bad-request", message, remedy));
    }

    private static GrpcProblem problem(FeaturesRefused refused) {
        Code code =
                switch (refused.kind()) {
                    case UNKNOWN_VIEW, UNKNOWN_SET -> Code.NOT_FOUND;
                    case UNKNOWN_FEATURE, TOO_MANY -> Code.INVALID_ARGUMENT;
                    case TOO_LARGE -> Code.OUT_OF_RANGE;
                };
        return new GrpcProblem(
                code,
                refused.kind().word(),
                String.valueOf(refused.getMessage()),
                refused.remedy(),
                0);
    }
}
