package leat.examples.connectedcar;

import java.util.List;
import leat.core.contract.ContractName;
import leat.core.event.EventGenerator;

/// The fleet as the program sees it: one source is one car.
public final class FleetGenerator implements EventGenerator {

    /// Sensor readings, the contract that a plan's rate counts.
    public static final ContractName TELEMETRY = new ContractName("car-telemetry");

    /// The label: a car has failed.
    public static final ContractName FAILURE = new ContractName("car-failure");

    @Override
    public String name() {
        return "connected-car";
    }

    @Override
    public List<ContractName> contracts() {
        return List.of(TELEMETRY, FAILURE);
    }

    @Override
    public Feed open(Plan plan, Slice slice) {
        return new FleetFeed(plan, slice);
    }
}
