package leat.core.score;

/// What came of one test.
public sealed interface Finding {

    /// What was found, with numbers.
    String evidence();

    /// What to do; empty where nothing is to be done.
    String remedy();

    double points();

    /// `passed`, as in JSON.
    String word();

    /// The platform shows that it is so, each time it is asked.
    record Passed(String evidence) implements Finding {
        @Override
        public String remedy() {
            return "";
        }

        @Override
        public double points() {
            return 1;
        }

        @Override
        public String word() {
            return "passed";
        }
    }

    /// The platform shows that it is not so. No answer by hand helps.
    record Failed(String evidence, String remedy) implements Finding {
        @Override
        public double points() {
            return 0;
        }

        @Override
        public String word() {
            return "failed";
        }
    }

    /// The platform knows nothing of it.
    ///
    /// @param evidence what is missing
    record Unknown(String evidence, String remedy) implements Finding {
        @Override
        public double points() {
            return 0;
        }

        @Override
        public String word() {
            return "no evidence";
        }
    }

    /// The platform knows nothing of it, and somebody answers for it.
    ///
    /// @param remedy what would make it a whole point
    record ByHand(Answer answer, String remedy) implements Finding {
        @Override
        public String evidence() {
            return answer.toString();
        }

        @Override
        public double points() {
            return 0.5;
        }

        @Override
        public String word() {
            return "by hand";
        }
    }
}
