package rules

import "github.com/expr-lang/expr/vm"

// elementsMax bounds the lists that one evaluation builds, in elements together.
const elementsMax = 100_000

// Scratch is the working memory of evaluations: expr's machine, and the last Result. The zero value is ready. It serves
// any number of sets and conditions, one evaluation at a time; a goroutine that evaluates keeps one. Until the next
// evaluation it keeps the last one's facts from being collected.
type Scratch struct {
	machine vm.VM
	result  Result
	running bool // a Run is under way
}

// holds evaluates a program over facts. A missing result is false.
func (s *Scratch) holds(program *vm.Program, facts any) (bool, error) {
	s.machine.MemoryBudget = elementsMax
	out, err := s.machine.Run(program, facts)
	if err != nil {
		return false, err
	}
	held, _ := out.(bool)
	return held, nil
}
