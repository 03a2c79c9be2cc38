package rules

import (
	"unsafe"

	"github.com/expr-lang/expr/vm"
)

// elementsMax bounds the lists that one evaluation builds, in elements together.
const elementsMax = 100_000

// Scratch is the working memory of evaluations: what closures and expr's machine work on, the rules that a pass has yet to
// ask (a bit for each rule of the largest set), and the last Result. The zero value is ready. It serves
// any number of sets and conditions, one evaluation at a time; a goroutine that evaluates keeps one. Until the next
// evaluation it keeps the last one's facts from being collected.
type Scratch struct {
	machine vm.VM
	frame   frame
	pending candidates
	result  Result
	running bool // a Run is under way
}

// holds evaluates a condition over facts, which lie at an address. A missing result is false.
func (s *Scratch) holds(c *compilation, at unsafe.Pointer, facts any) (bool, error) {
	if c.closure != nil {
		s.frame.begin(at)
		if held := c.closure(&s.frame); !s.frame.failed {
			return held, nil
		}
	}
	return s.run(c.program, facts)
}

// run evaluates a program on expr's machine.
func (s *Scratch) run(program *vm.Program, facts any) (bool, error) {
	s.machine.MemoryBudget = elementsMax
	out, err := s.machine.Run(program, facts)
	if err != nil {
		return false, err
	}
	held, _ := out.(bool)
	return held, nil
}
