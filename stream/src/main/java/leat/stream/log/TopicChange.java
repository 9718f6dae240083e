package leat.stream.log;

import java.util.List;

/// One line of a plan: what stands between a topic as the contract wants it and as it is.
public sealed interface TopicChange {

    String topic();

    /// The topic is not there and would be made.
    record Create(TopicSpec spec) implements TopicChange {
        @Override
        public String topic() {
            return spec.name();
        }
    }

    /// The topic is as wanted.
    record Keep(String topic) implements TopicChange {}

    /// The topic differs and is left alone.
    ///
    /// @param differences each as `retention.ms is 1000, the contract wants -1`
    /// @param remedy what the operator can do
    record Differs(String topic, List<String> differences, String remedy) implements TopicChange {
        public Differs {
            differences = List.copyOf(differences);
        }
    }
}
