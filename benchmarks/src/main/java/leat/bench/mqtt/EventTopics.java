package leat.bench.mqtt;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Finds the topic of an event: the template of its contract with the event's own key.
final class EventTopics {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, CarTopic> topics = new HashMap<>();

    EventTopics(List<CarTopic> topics) {
        topics.forEach(topic -> this.topics.put(topic.contract(), topic));
    }

    /// The topic of an event, a JSON object.
    ///
    /// @throws IllegalArgumentException when its contract has none, or it lacks the key
    String of(String contract, byte[] event) {
        CarTopic topic = topics.get(contract);
        if (topic == null) {
            throw new IllegalArgumentException("no topic is known for events of " + contract);
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), event)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = parser.currentName().equals(topic.key());
                parser.nextToken();
                if (found) {
                    return topic.of(parser.getString());
                }
                parser.skipChildren();
            }
        }
        throw new IllegalArgumentException(
                "an event of " + contract + " has no field '" + topic.key() + "' for its topic");
    }
}
