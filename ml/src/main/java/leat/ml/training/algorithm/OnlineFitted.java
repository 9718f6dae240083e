package leat.ml.training.algorithm;

import leat.core.scoring.OutputValue;
import leat.ml.online.Learner;
import leat.ml.online.OnlineModel;

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
        float[] values = new float[rows.width()];
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < values.length; j++) {
                values[j] = rows.value(i, j);
            }
            float[] row = model.row(values);
            scores[i] = ((Double) learner.say(row).get(place)).floatValue();
            learner.learn(row);
        }
        return scores;
    }
}
