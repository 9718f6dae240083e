package leat.ml.objectstore;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.config.Secrets;
import leat.core.model.ModelLimits;
import leat.core.tracking.TrackingRefused;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// An object store that speaks S3. It is not reached for before somebody asks.
public final class S3Objects implements ObjectStore {

    private static final int NOT_FOUND = 404;
    private static final int OTHER_ETAG = 412;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(5);

    private final ObjectStoreSettings settings;
    private final Optional<ObjectStoreSettings.Credentials> credentials;
    private @Nullable S3Client client;

    /// @throws Secrets.Missing when a secret is not in its place
    public S3Objects(ObjectStoreSettings settings, Secrets secrets) {
        this.settings = settings;
        this.credentials = settings.credentials(secrets);
    }

    private synchronized S3Client client() {
        S3Client now = client;
        if (now == null) {
            now = connected();
            client = now;
        }
        return now;
    }

    private S3Client connected() {
        Duration timeout = settings.requestTimeout();
        S3ClientBuilder builder =
                S3Client.builder()
                        .httpClientBuilder(
                                UrlConnectionHttpClient.builder()
                                        .connectionTimeout(shorter(timeout, LONGEST_CONNECT))
                                        .socketTimeout(timeout))
                        // Of a file until it begins; repetitions are within it.
                        .overrideConfiguration(each -> each.apiCallTimeout(timeout));
        settings.endpoint()
                .ifPresent(address ->
                        builder.endpointOverride(URI.create(address)).forcePathStyle(true));
        settings.region()
                .or(() -> settings.endpoint().map(_ -> Region.US_EAST_1.id()))
                .ifPresent(region -> builder.region(Region.of(region)));
        credentials.ifPresent(key ->
                builder.credentialsProvider(
                        StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(key.id(), key.secret()))));
        return builder.build();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public boolean has(String uri) {
        return uri.startsWith(SCHEME);
    }

    @Override
    public StoredFiles below(String uri) {
        ObjectUri folder = ObjectUri.parse(uri);
        List<StoredFile> files =
                listed(uri, folder).stream()
                        .filter(S3Objects::isFile)
                        .map(object -> file(folder, object))
                        .toList();
        if (files.isEmpty()) {
            throw TrackingRefused.absent(
                    "Nothing is below '" + uri + "': upload the files first, then register them");
        }
        return new StoredFiles(uri, files);
    }

    private List<S3Object> listed(String uri, ObjectUri folder) {
        List<S3Object> objects = new ArrayList<>();
        try {
            @Nullable String next = null;
            do {
                @Nullable String from = next;
                ListObjectsV2Response page =
                        client().listObjectsV2(request ->
                                request.bucket(folder.bucket())
                                        .prefix(folder.folder())
                                        .continuationToken(from));
                objects.addAll(page.contents());
                refuseMany(uri, objects.size());
                next = page.isTruncated() ? page.nextContinuationToken() : null;
            } while (next != null);
        } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
                throw TrackingRefused.absent("There is no bucket " + folder.bucket());
            }
            throw new ObjectStoreUnavailable(uri, e);
        } catch (SdkException e) {
            throw new ObjectStoreUnavailable(uri, e);
        }
        return objects;
    }

    /// Some programs put an object in the place of a folder.
    private static boolean isFile(S3Object object) {
        return !object.key().endsWith("/");
    }

    private static StoredFile file(ObjectUri folder, S3Object object) {
        return new StoredFile(
                object.key().substring(folder.folder().length()),
                object.size(),
                withoutQuotes(object.eTag()));
    }

    private static String withoutQuotes(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    private static void refuseMany(String uri, int objects) {
        if (objects > ModelLimits.STORED_FILES) {
            throw TrackingRefused.invalid(
                    "More than "
                            + ModelLimits.STORED_FILES
                            + " files are below '"
                            + uri
                            + "': register a folder that has the model alone");
        }
    }

    @Override
    public Optional<InputStream> open(String uri, StoredFile file) {
        ObjectUri folder = ObjectUri.parse(uri);
        try {
            ResponseInputStream<GetObjectResponse> in =
                    client().getObject(request ->
                            request.bucket(folder.bucket())
                                    .key(folder.key(file.path()))
                                    .ifMatch('"' + file.etag() + '"'));
            if (!isSame(in.response(), file)) {
                in.abort();
                return Optional.empty();
            }
            return Optional.of(
                    new WholeStream(
                            in, uri + "/" + file.path(), file.sizeBytes(), () -> in.abort()));
        } catch (S3Exception e) {
            if (e.statusCode() == OTHER_ETAG || e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw new ObjectStoreUnavailable(uri, e);
        } catch (SdkException e) {
            throw new ObjectStoreUnavailable(uri, e);
        }
    }

    /// Not every store that speaks S3 heeds conditions.
    private static boolean isSame(GetObjectResponse response, StoredFile file) {
        return withoutQuotes(response.eTag()).equals(file.etag())
                && Objects.equals(response.contentLength(), file.sizeBytes());
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
