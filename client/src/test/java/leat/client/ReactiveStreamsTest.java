package leat.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/// Runs the verifications of Reactive Streams' TCK, which are TestNG's.
final class ReactiveStreamsTest {

    @TempDir private Path reports;

    private TestListenerAdapter verified(Class<?> verification) {
        TestListenerAdapter results = new TestListenerAdapter();
        TestNG testNg = new TestNG(false);
        testNg.setOutputDirectory(reports.toString());
        testNg.setVerbose(0);
        testNg.setTestClasses(new Class<?>[] {verification});
        testNg.addListener(results);
        testNg.run();
        return results;
    }

    @Test
    void aPublisherKeepsTheRules() {
        TestListenerAdapter results = verified(PublisherVerification.class);

        assertThat(results.getFailedTests())
                .extracting(test -> test.getName() + ": " + test.getThrowable())
                .isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThan(25);
    }

    @Test
    void aSinkKeepsTheRules() {
        TestListenerAdapter results = verified(SubscriberVerification.class);

        assertThat(results.getFailedTests())
                .extracting(test -> test.getName() + ": " + test.getThrowable())
                .isEmpty();
        assertThat(results.getPassedTests()).hasSizeGreaterThan(8);
    }
}
