"""Judge an answer: read it, compare it with what the case promises, and assess whether the target has drifted."""
