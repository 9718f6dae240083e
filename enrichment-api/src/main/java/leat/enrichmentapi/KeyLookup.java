package leat.enrichmentapi;

import java.util.List;

/// A look-up that the key alone decides.
interface KeyLookup extends Lookup {

    Answer find(String key);

    @Override
    default List<Answer> find(List<Question> questions) {
        return questions.stream().map(question -> find(question.key())).toList();
    }
}
