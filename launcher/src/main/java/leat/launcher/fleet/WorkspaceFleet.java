package leat.launcher.fleet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import leat.bench.mqtt.CarTopic;
import leat.bench.mqtt.Fleet;
import leat.bench.mqtt.FleetPlan;
import leat.core.contract.ContractName;
import leat.core.event.EventGenerator;
import leat.launcher.Main;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;

/// What a fleet of simulated cars needs to know of a workspace: its collectors are processes of
/// this program, its topics those of the MQTT door.
///
/// @param portOffset of the platform that the collectors belong to
/// @param generator makes the cars' events
/// @param password of the cars; empty for none
/// @param folder takes the files that the processes write their log to
public record WorkspaceFleet(
        Workspace workspace,
        int portOffset,
        EventGenerator generator,
        String password,
        Path folder,
        Consumer<String> progress) {

    /// So many processes hold so many connections on this machine.
    ///
    /// @throws UserError when it cannot hold as many
    public static FleetPlan plan(int connections) {
        try {
            return FleetPlan.of(connections, FleetPlan.filesPerProcess());
        } catch (FleetPlan.TooManyConnections e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// What the fleet is made of.
    ///
    /// @throws UserError when the workspace has no topic for what the generator makes
    public Fleet.Parts parts(FleetPlan plan, Fleet.Size size) {
        return new Fleet.Parts(
                plan,
                size,
                this::collector,
                generator.name(),
                topics(),
                password,
                folder,
                progress);
    }

    private List<String> collector(int number) {
        return List.of(
                Main.class.getName(),
                "run",
                "collector",
                "--workspace",
                workspace.folder().toString(),
                "--port-offset",
                Integer.toString(portOffset),
                "--instance",
                "fleet-" + number,
                "--free-ports",
                "--until-input-ends",
                "--json");
    }

    private List<CarTopic> topics() {
        List<CarTopic> topics = new ArrayList<>();
        for (ContractName name : generator.contracts()) {
            topics.add(topic(name));
        }
        return topics;
    }

    private CarTopic topic(ContractName name) {
        Path file = workspace.folder().resolve(Workspace.CONFIG_FILE);
        try {
            return workspace.config().collector().mqtt().topics().stream()
                    .filter(topic ->
                            topic.contract().equals(name.value())
                                    || topic.contract().startsWith(name.value() + ".v"))
                    .findFirst()
                    .map(topic -> CarTopic.of(name.value(), topic.topic()))
                    .orElseThrow(() ->
                            new UserError(
                                    "the workspace has no MQTT topic for events of " + name,
                                    "name one in " + file + ", collector.mqtt.topics"));
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "name a topic that simulated cars can fill in, in "
                            + file
                            + ", collector.mqtt.topics");
        }
    }
}
