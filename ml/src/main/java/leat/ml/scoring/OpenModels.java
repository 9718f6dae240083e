package leat.ml.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.Models;

/// The models that a process has open, each by the reference that asks for it; of more than it may
/// have, the one that was not used for the longest time is closed. A reference that means nothing
/// takes no place. For many threads.
final class OpenModels implements AutoCloseable {

    private static final float LOAD = 0.75f;

    private final Models models;
    private final int most;
    private final Map<String, ServedModel> byUse = new LinkedHashMap<>(16, LOAD, true);
    private boolean closed;

    /// @param models stays open when this is closed
    /// @param most references at a time
    OpenModels(Models models, int most) {
        this.models = models;
        this.most = most;
    }

    /// The version that a reference means now, entered: whoever gets it leaves it.
    ///
    /// @param patience until the registry has been read for it once
    /// @throws TrackingRefused when there is none
    /// @throws ModelUnready when it cannot be opened, or the registry was not read in time
    OpenModel enter(ServedModel.Wanted wanted, Duration patience) throws InterruptedException {
        while (true) {
            ServedModel served = served(wanted);
            try {
                OpenModel entered = served.enter(patience);
                if (entered != null) {
                    leaveMost();
                    return entered;
                }
            } catch (TrackingRefused e) {
                remove(wanted.reference(), served);
                throw e;
            }
        }
    }

    private synchronized ServedModel served(ServedModel.Wanted wanted) {
        if (closed) {
            throw new ModelUnready("the process ends");
        }
        return byUse.computeIfAbsent(wanted.reference(), _ -> new ServedModel(models, wanted));
    }

    private void leaveMost() {
        List<ServedModel> left = new ArrayList<>(0);
        synchronized (this) {
            Iterator<ServedModel> oldest = byUse.values().iterator();
            while (byUse.size() > most) {
                left.add(oldest.next());
                oldest.remove();
            }
        }
        left.forEach(ServedModel::close);
    }

    private void remove(String reference, ServedModel served) {
        synchronized (this) {
            byUse.remove(reference, served);
        }
        served.close();
    }

    /// Closes what is open of a model; it is opened again when it is asked for.
    void closeOf(String model) {
        List<ServedModel> left = new ArrayList<>();
        synchronized (this) {
            Iterator<Map.Entry<String, ServedModel>> each = byUse.entrySet().iterator();
            while (each.hasNext()) {
                Map.Entry<String, ServedModel> one = each.next();
                if (one.getKey().equals(model) || one.getKey().startsWith(model + "/")) {
                    left.add(one.getValue());
                    each.remove();
                }
            }
        }
        left.forEach(ServedModel::close);
    }

    @Override
    public void close() {
        List<ServedModel> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(byUse.values());
            byUse.clear();
        }
        left.forEach(ServedModel::close);
    }
}
