package leat.launcher.demo;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import leat.bench.mqtt.Fleet;
import leat.bench.mqtt.FleetFailed;
import leat.bench.mqtt.FleetOutcome;

/// Each car with an MQTT connection of its own, to collectors in processes of their own. It plays
/// for as long as its size says.
final class FleetLoad implements Load {

    private final Fleet fleet;
    private final FutureTask<FleetOutcome> publishing;

    private FleetLoad(Fleet fleet, Duration connecting) {
        this.fleet = fleet;
        this.publishing = new FutureTask<>(() -> fleet.publish(connecting));
        Thread.ofPlatform().name("fleet").daemon().start(publishing);
    }

    /// Connects all cars and starts to publish.
    ///
    /// @throws FleetFailed when the cars cannot be connected
    static FleetLoad start(Fleet.Parts parts) {
        Fleet fleet = Fleet.start(parts);
        try {
            return new FleetLoad(fleet, fleet.connect());
        } catch (RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    @Override
    public long sent() {
        return fleet.sent();
    }

    @Override
    public long accepted() {
        return fleet.acked();
    }

    /// A PUBACK of MQTT 3.1.1 does not tell a dead letter from another event.
    @Override
    public long dead() {
        return 0;
    }

    @Override
    public void finish() {
        try {
            FleetOutcome outcome = publishing.get();
            if (outcome.drops() > 0) {
                throw new FleetFailed(outcome.text());
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FleetFailed failed
                    ? failed
                    : new FleetFailed("the fleet failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        publishing.cancel(true);
        fleet.close();
    }
}
