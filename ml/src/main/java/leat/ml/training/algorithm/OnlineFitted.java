package leat.ml.training.algorithm;

import leat.core.scoring.ModelFailed;
import leat.core.scoring.OutputValue;
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;
import leat.ml.online.OnlineRow;

/// A model that goes on learning.
final class OnlineFitted implements Fitted {

    private final OnlineModel model;
    private final OutputValue score;

    OnlineFitted(OnlineModel model, String score) {
        this.model = model;
        this.score = OutputValue.parse(score);
    }

    @Override
    public byte[] file() {
        return model.bytes();
    }

    @Override
    public String fileName() {
        return OnlineModel.FILE;
    }

    @Override
    public OutputValue score() {
        return score;
    }

    @Override
    public float[] scores(Rows rows) {
        ModelGraph.checkSame(model.features(), rows);
        int place = model.place(score.output());
        Learner learner = model.begin();
        float[] scores = new float[rows.size()];
        try {
            for (int i = 0; i < scores.length; i++) {
                scores[i] = ((Double) learner.sayAndLearn(row(rows, i)).get(place)).floatValue();
            }
        } catch (ModelFailed e) {
            throw new TrainingRefused(
                    String.valueOf(e.getMessage()), "take other rows, or set other parameters");
        }
        return scores;
    }

    private OnlineRow row(Rows rows, int row) {
        return rows.hasOrigins()
                ? model.row(rows.entity(row), rows.millis(row), rows.row(row))
                : model.row("", 0, rows.row(row));
    }
}
