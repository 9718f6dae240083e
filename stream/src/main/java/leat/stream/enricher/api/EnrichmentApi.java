package leat.stream.enricher.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;
import leat.stream.enricher.api.ApiTransport.ApiFailed;
import org.jspecify.annotations.Nullable;

/// A service that is asked for many events at once: equal questions once, in calls of a limited
/// size, a limited number of calls at a time, repeated within a budget, none while a circuit
/// breaker is open, and answers kept for a while where the settings say so. Shared by all threads
/// of a process.
public final class EnrichmentApi implements AutoCloseable {

    private static final int WATCHED_CALLS = 100;
    private static final int LEAST_CALLS = 10;
    private static final int TRIAL_CALLS = 3;
    private static final long FIRST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ApiSettings settings;
    private final ApiTransport transport;
    private final Semaphore calls;
    private final RetryBudget budget;
    private final CircuitBreaker breaker;
    private final ApiMetrics metrics;
    private final @Nullable Cache<Question, Answer> cache;

    EnrichmentApi(String name, ApiSettings settings, ApiTransport transport) {
        this.settings = settings;
        this.transport = transport;
        this.calls = new Semaphore(settings.concurrency(), true);
        this.budget = new RetryBudget(settings.retryPercent());
        this.metrics = new ApiMetrics(name);
        this.breaker =
                CircuitBreaker.of(
                        name,
                        CircuitBreakerConfig.custom()
                                .slidingWindowSize(WATCHED_CALLS)
                                .minimumNumberOfCalls(LEAST_CALLS)
                                .failureRateThreshold(settings.breakerPercent())
                                .waitDurationInOpenState(settings.breakerPause())
                                .permittedNumberOfCallsInHalfOpenState(TRIAL_CALLS)
                                .build());
        this.cache =
                settings.cacheTtl().isZero()
                        ? null
                        : Caffeine.newBuilder()
                                .maximumSize(settings.cacheEntries())
                                .expireAfterWrite(settings.cacheTtl())
                                .build();
        breaker.getEventPublisher()
                .onStateTransition(event ->
                        metrics.open.set(
                                event.getStateTransition().getToState() == CircuitBreaker.State.OPEN
                                        ? 1
                                        : 0));
    }

    /// A service by its name in `leat.yaml`.
    public static EnrichmentApi of(String name, ApiSettings settings) {
        URI url = URI.create(settings.url());
        ApiTransport transport =
                url.getScheme().startsWith("grpc")
                        ? new GrpcTransport(url)
                        : new HttpTransport(url);
        return new EnrichmentApi(name, settings, transport);
    }

    /// Answers in the order of the questions. What cannot be answered within `timeout`, counted
    /// from the first call for it, is an [Answer.Failed].
    ///
    /// @throws CancellationException when this thread is interrupted
    public List<Answer> ask(List<Question> questions, Duration timeout) {
        Map<Question, Answer> known = new LinkedHashMap<>();
        List<Question> open = new ArrayList<>();
        for (Question question : questions) {
            Answer kept = cache == null ? null : cache.getIfPresent(question);
            if (kept != null) {
                known.put(question, kept);
            } else if (known.put(question, UNASKED) == null) {
                open.add(question);
            }
        }
        metrics.cached.inc(questions.size() - open.size());
        metrics.asked.inc(open.size());
        if (!open.isEmpty()) {
            askAll(open, timeout, known);
        }
        return questions.stream().map(question -> known.getOrDefault(question, UNASKED)).toList();
    }

    private static final Answer UNASKED = new Answer.Failed("was not asked");

    private void askAll(List<Question> open, Duration timeout, Map<Question, Answer> known) {
        List<List<Question>> batches = new ArrayList<>();
        for (int from = 0; from < open.size(); from += settings.batch()) {
            batches.add(open.subList(from, Math.min(open.size(), from + settings.batch())));
        }
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Future<List<Answer>>> answers = new ArrayList<>(batches.size());
            for (List<Question> batch : batches) {
                calls.acquire();
                answers.add(
                        threads.submit(() -> {
                            try {
                                return call(batch, timeout);
                            } finally {
                                calls.release();
                            }
                        }));
            }
            for (int i = 0; i < batches.size(); i++) {
                keep(batches.get(i), answers.get(i).get(), known);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw gaveUp(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call ended in an unforeseen way", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static CancellationException gaveUp(InterruptedException cause) {
        CancellationException gaveUp = new CancellationException("gave up asking");
        gaveUp.initCause(cause);
        return gaveUp;
    }

    private void keep(List<Question> batch, List<Answer> answers, Map<Question, Answer> known) {
        for (int i = 0; i < batch.size(); i++) {
            Answer answer = answers.get(i);
            known.put(batch.get(i), answer);
            if (cache != null && !(answer instanceof Answer.Failed)) {
                cache.put(batch.get(i), answer);
            }
        }
    }

    /// One batch, repeated while the budget and the time allow it.
    private List<Answer> call(List<Question> batch, Duration timeout) throws InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        long waitNanos = FIRST_WAIT_NANOS;
        budget.called();
        while (true) {
            try {
                return callOnce(batch, Duration.ofNanos(Math.max(1, until - System.nanoTime())));
            } catch (ApiFailed e) {
                boolean again =
                        e.passing() && until - System.nanoTime() > 2 * waitNanos && budget.repeat();
                if (!again) {
                    Answer failed = new Answer.Failed(String.valueOf(e.getMessage()));
                    return java.util.Collections.nCopies(batch.size(), failed);
                }
                metrics.repeated.inc();
                LockSupport.parkNanos(waitNanos);
                waitNanos *= 2;
            }
        }
    }

    private List<Answer> callOnce(List<Question> batch, Duration timeout)
            throws ApiFailed, InterruptedException {
        if (!breaker.tryAcquirePermission()) {
            throw new ApiFailed("is not asked for a while, since too many calls failed", false);
        }
        long begun = System.nanoTime();
        try {
            List<Answer> answers = transport.call(batch, timeout);
            breaker.onSuccess(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
            metrics.succeeded.inc();
            return answers;
        } catch (ApiFailed e) {
            breaker.onError(System.nanoTime() - begun, TimeUnit.NANOSECONDS, e);
            metrics.failed.inc();
            throw e;
        } catch (InterruptedException | RuntimeException e) {
            breaker.releasePermission();
            throw e;
        } finally {
            metrics.seconds.observe((System.nanoTime() - begun) / 1e9);
        }
    }

    /// Ends calls in flight.
    @Override
    public void close() {
        transport.close();
    }
}
