package leat.stream.lake;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// The loaders that share out one table's partitions. Kafka would share them out among loaders of
/// two lakes as well, and each lake would get a part of the events; so each member's client id
/// names the table it writes to, and a new partition is taken only while all members name the same.
final class LoaderGroup {

    private final String group;
    private final Admin admin;
    private final String prefix;
    private final String member;

    /// @param table the id that the table got when it was made
    LoaderGroup(TableSource source, Admin admin, UUID table) {
        this.group = source.group();
        this.admin = admin;
        this.prefix = "lake-" + source.label() + "-";
        this.member = prefix + table;
    }

    /// The client id of this member.
    String member() {
        return member;
    }

    /// @throws LogUnavailable while a loader of another lake is in the group
    void demandOneLake() {
        for (MemberDescription other : members()) {
            if (other.clientId().startsWith(prefix) && !other.clientId().equals(member)) {
                throw new LogUnavailable(
                        "a loader of another lake, on host "
                                + other.host()
                                + ", shares group "
                                + group
                                + ", so that each lake would get a part of the events; stop it, or"
                                + " give both the same lake.store, or this workspace a prefix of"
                                + " its own",
                        null);
            }
        }
    }

    private List<MemberDescription> members() {
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw new LogUnavailable("cannot see who is in group " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
