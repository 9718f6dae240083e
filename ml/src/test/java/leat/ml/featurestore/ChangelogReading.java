package leat.ml.featurestore;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import leat.core.event.Names;

/// What an instance of this process reads of the changelog of the views' state, be it to follow
/// others or to restore what it takes over. Kafka Streams has one client for both, which tells it
/// by JMX.
final class ChangelogReading {

    private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

    private final String client;
    private final String topic;

    /// Of a view, by an instance with one thread.
    ChangelogReading(Names names, FeatureFlow flow, String instance) {
        this.client =
                "kafka.consumer:type=consumer-fetch-manager-metrics,client-id="
                        + flow.application(names)
                        + "."
                        + instance
                        + "-StateUpdater-1-restore-consumer";
        this.topic = flow.application(names) + "-" + ViewTopology.TILES + "-changelog";
    }

    /// The changelog.
    String topic() {
        return topic;
    }

    /// How many records it has read, of all partitions.
    long records() throws JMException {
        return value(client, "records-consumed-total");
    }

    /// Up to where it has read a partition that it follows now; 0 where it has not.
    long position(int partition) throws JMException {
        return value(client + ",topic=" + topic + ",partition=" + partition, "records-lead");
    }

    private static long value(String bean, String attribute) throws JMException {
        ObjectName name = new ObjectName(bean);
        if (!BEANS.isRegistered(name)) {
            return 0;
        }
        // Before the first record it is no number.
        double value = ((Number) BEANS.getAttribute(name, attribute)).doubleValue();
        return Double.isNaN(value) ? 0 : (long) value;
    }
}
