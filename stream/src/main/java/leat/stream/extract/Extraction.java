package leat.stream.extract;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.core.failpoint.FailPoint;
import leat.stream.log.Backoff;
import leat.stream.log.LogUnavailable;
import leat.stream.send.ClientAccess;
import leat.stream.send.RowDelivery;
import leat.stream.send.RowDelivery.Outcome;
import leat.stream.send.SendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One source read on and on: a page, the collector's acknowledgement, the new position, then the
/// next page. A kill between the last two sends the page again, whose events have the same ids.
final class Extraction implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Extraction.class);

    private final Plan plan;
    private final Source source;
    private final OffsetLog.Place place;
    private final ExtractionMetrics metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<ExtractionHealth> health =
            new AtomicReference<>(new ExtractionHealth.Starting());
    private final Backoff backoff = new Backoff();
    private volatile RowDelivery delivery;
    private volatile Outcome delivered = new Outcome(0, 0, 0, "");

    /// What does not change while it runs.
    ///
    /// @param name the source's in the topic of extractions
    /// @param every how long to wait where a source has nothing more
    /// @param access read anew after the collector has refused it
    /// @param patient whether a refusal of the collector is waited out
    record Plan(
            String name,
            Contract contract,
            URI collector,
            Duration every,
            Supplier<ClientAccess> access,
            boolean patient) {
        RowDelivery delivery() {
            return new RowDelivery(collector, contract, access.get());
        }
    }

    Extraction(Plan plan, Source source, OffsetLog.Place place, ExtractionMetrics metrics) {
        this.plan = plan;
        this.source = source;
        this.place = place;
        this.metrics = metrics;
        this.delivery = plan.delivery();
    }

    ExtractionHealth health() {
        return health.get();
    }

    /// What became of the rows that this process has delivered.
    Outcome delivered() {
        return delivered;
    }

    String name() {
        return plan.name();
    }

    /// Ends it soon; what was acknowledged and has no position yet is sent again by the next run.
    void stop() {
        stopped.countDown();
        delivery.stop();
    }

    @Override
    public void run() {
        String why = "";
        try {
            while (isGoingOn()) {
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TakenOver | SendException e) {
            why = String.valueOf(e.getMessage());
            LOG.atError().addKeyValue("source", plan.name()).log("Reading has stopped: " + why);
        } catch (RuntimeException e) {
            why = e.toString();
            LOG.atError().setCause(e).addKeyValue("source", plan.name()).log("Reading has stopped");
        } finally {
            health.set(new ExtractionHealth.Stopped(why));
            delivery.close();
            source.close();
        }
    }

    private boolean isGoingOn() {
        return stopped.getCount() > 0;
    }

    /// Opens the position and reads on from it. Only a failure of the log opens it again: opening
    /// takes the source over from whoever has it by now.
    private void round() throws InterruptedException {
        try (OffsetLog offsets = OffsetLog.open(place, plan.name())) {
            while (isGoingOn()) {
                attempt(offsets);
            }
        } catch (LogUnavailable e) {
            retry(String.valueOf(e.getMessage()));
        }
    }

    private void attempt(OffsetLog offsets) throws InterruptedException {
        try {
            step(offsets);
        } catch (SourceFailed e) {
            retry(String.valueOf(e.getMessage()));
        } catch (SendException.Refused e) {
            if (!plan.patient()) {
                throw e;
            }
            retry(String.valueOf(e.getMessage()));
            renewAccess();
        }
    }

    private void renewAccess() {
        try {
            RowDelivery next = plan.delivery();
            delivery.close();
            delivery = next;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("source", plan.name())
                    .log(
                            "What is shown to the collector cannot be read anew, the old is tried"
                                    + " again");
        }
    }

    private void step(OffsetLog offsets) throws SourceFailed, InterruptedException {
        Map<String, String> from = offsets.position();
        Source.Page page = source.read(from);
        if (page.rows() != null && page.size() > 0) {
            Optional<Outcome> outcome = delivery.deliver(page.rows());
            if (outcome.isEmpty()) {
                return;
            }
            FailPoint.reach("extractor.after-delivery");
            count(outcome.get());
        }
        offsets.advance(page.next(), page.size());
        FailPoint.reach("extractor.after-position");
        health.set(new ExtractionHealth.Running());
        backoff.reset();
        if (!page.more()) {
            await(plan.every());
        }
    }

    private void count(Outcome outcome) {
        Outcome before = delivered;
        delivered =
                new Outcome(
                        before.accepted() + outcome.accepted(),
                        before.dead() + outcome.dead(),
                        before.refused() + outcome.refused(),
                        outcome.example().isEmpty() ? before.example() : outcome.example());
        metrics.delivered(plan.name(), outcome);
        if (outcome.refused() > 0) {
            LOG.atWarn()
                    .addKeyValue("source", plan.name())
                    .addKeyValue("rows", outcome.refused())
                    .log("Rows were refused and are stored nowhere: " + outcome.example());
        }
    }

    private void retry(String why) throws InterruptedException {
        if (!isGoingOn()) {
            return;
        }
        metrics.failed(plan.name());
        if (!(health.get() instanceof ExtractionHealth.Retrying before
                && before.why().equals(why))) {
            LOG.atWarn()
                    .addKeyValue("source", plan.name())
                    .log("Reading fails and is tried again: " + why);
            health.set(new ExtractionHealth.Retrying(Instant.now(), why));
        }
        await(backoff.next());
    }

    private void await(Duration duration) throws InterruptedException {
        boolean _ = stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
