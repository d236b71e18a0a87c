"""Judge an answer: read it, compare it with what the case promises, and conclude whether the target has drifted."""
