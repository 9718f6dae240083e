package leat.stream.collector.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.encoding.PayloadFormat;
import leat.core.yaml.NearestName;
import leat.stream.collector.Inlet;
import leat.stream.collector.Inlets;
import org.jspecify.annotations.Nullable;

/// What the topics of the door mean.
final class MqttRoutes {

    private final List<Route> routes;

    /// @param keyLevel the level of the topic that is the events' key; -1 for none
    /// @param format of payloads whose client names none
    private record Route(TopicTemplate template, Inlet inlet, int keyLevel, PayloadFormat format) {}

    /// Where a topic leads.
    ///
    /// @param key what the topic says that the event's key is; `null` where it says nothing
    /// @param format of payloads whose client names none
    record Destination(Inlet inlet, @Nullable String key, PayloadFormat format) {}

    private MqttRoutes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /// @throws MqttTopicsUnusable when a contract is not there, or a topic would be of two shapes
    static MqttRoutes of(List<MqttSettings.Topic> topics, Inlets inlets) {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            Route route = route(topics.get(i), "collector.mqtt.topics[" + i + "]", inlets);
            for (Route earlier : routes) {
                if (earlier.template().overlaps(route.template())) {
                    throw new MqttTopicsUnusable(
                            "collector.mqtt.topics: some topic is both "
                                    + earlier.template().text()
                                    + " and "
                                    + route.template().text(),
                            "let one level of them differ, both times without a variable");
                }
            }
            routes.add(route);
        }
        return new MqttRoutes(routes);
    }

    private static Route route(MqttSettings.Topic topic, String place, Inlets inlets) {
        Inlet inlet =
                inlets.find(topic.contract())
                        .orElseThrow(() ->
                                new MqttTopicsUnusable(
                                        place
                                                + ".contract: there is no contract '"
                                                + topic.contract()
                                                + "'",
                                        NearestName.remedy(topic.contract(), inlets.names())));
        PayloadFormat format = PayloadFormat.of(topic.contentType()).orElseThrow();
        if (!inlet.takes(format)) {
            throw new MqttTopicsUnusable(
                    place
                            + ".content-type: "
                            + topic.contract()
                            + " does not take "
                            + topic.contentType(),
                    "write " + inlet.taken());
        }
        TopicTemplate template = TopicTemplate.parse(topic.topic());
        Optional<String> keyField = inlet.contract().key().map(Object::toString);
        int keyLevel = topic.key().or(() -> keyField).map(template::place).orElse(-1);
        return new Route(template, inlet, keyLevel, format);
    }

    /// Where events on a topic belong; empty for a topic of no template.
    Optional<Destination> find(String topic) {
        for (Route route : routes) {
            String[] levels = route.template().match(topic);
            if (levels != null) {
                return Optional.of(
                        new Destination(
                                route.inlet(),
                                route.keyLevel() < 0 ? null : levels[route.keyLevel()],
                                route.format()));
            }
        }
        return Optional.empty();
    }

    /// The shapes there are, for messages.
    String shapes() {
        return routes.stream()
                .map(route -> route.template().text())
                .collect(Collectors.joining(", "));
    }
}
