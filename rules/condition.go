package rules

import (
	"reflect"
	"strings"
)

// Condition is one compiled condition over facts F. It is immutable, and safe for concurrent use.
type Condition[F any] struct {
	source string
	*compilation
}

// CompileCondition compiles a condition over facts F, a struct. A blank source is a problem: whether it should mean always
// or never is for the caller to say. The error is Problems, with the field condition.
func CompileCondition[F any](source string, opts Options) (*Condition[F], error) {
	l, found := newLanguage(reflect.TypeFor[F](), opts)
	if len(found) > 0 {
		return nil, Problems(found)
	}
	like := Problem{Rule: -1, Field: "condition"}
	if strings.TrimSpace(source) == "" {
		like.Message = "empty"
		return nil, Problems{like}
	}
	made, inSource := l.compile(source)
	if len(inSource) > 0 {
		return nil, Problems(problems(like, source, inSource))
	}
	return &Condition[F]{source, made}, nil
}

// Eval reports whether the condition holds for facts. A nil scratch stands for a new one; the scratch of a Run that is
// under way may be used. The error is a Problem, and goes with false.
func (c *Condition[F]) Eval(scratch *Scratch, facts *F) (bool, error) {
	if scratch == nil {
		scratch = new(Scratch)
	}
	held, err := scratch.holds(c.compilation, address(facts), facts)
	if err != nil {
		return false, failure(Problem{Rule: -1, Field: "condition"}, c.source, err)
	}
	return held, nil
}

// Source is the text that the condition was compiled from.
func (c *Condition[F]) Source() string {
	return c.source
}
