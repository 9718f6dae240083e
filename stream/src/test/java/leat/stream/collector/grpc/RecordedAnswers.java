package leat.stream.collector.grpc;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leat.collector.v1.PublishRequest;
import org.jspecify.annotations.Nullable;

/// The client's side of a streaming call: keeps the answers and how it ended.
final class RecordedAnswers<A> implements ClientResponseObserver<PublishRequest, A> {

    private static final int PATIENCE_SECONDS = 30;

    private final BlockingQueue<A> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> end = new CompletableFuture<>();
    private @Nullable ClientCallStreamObserver<PublishRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishRequest> call) {
        requests = call;
        call.setOnReadyHandler(() -> {
            synchronized (this) {
                notifyAll();
            }
        });
    }

    @Override
    public void onNext(A answer) {
        answers.add(answer);
    }

    @Override
    public void onError(Throwable problem) {
        end.complete(problem);
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK.asRuntimeException());
    }

    boolean isReady() {
        return requests != null && requests.isReady();
    }

    int received() {
        return answers.size();
    }

    A next() throws InterruptedException {
        A answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("no answer came, ended: " + end.getNow(null));
        }
        return answer;
    }

    Throwable ended() throws InterruptedException {
        try {
            return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError("the call did not end", e);
        }
    }

    Status.Code code() throws InterruptedException {
        return Status.fromThrowable(ended()).getCode();
    }
}
