package stream

import "fmt"

// FaultsKept bounds the faults that are kept with their line; all are counted.
const FaultsKept = 20

// Treatment is what became of a row that was not as it should be.
type Treatment uint8

// The treatments.
const (
	Refused  Treatment = iota + 1 // the row gives no command
	Clamped                       // the row's time was moved to the earliest that it can have
	Overread                      // a column of the row was left out; the rest counts
)

var treatmentNames = [...]string{Refused: "refused", Clamped: "clamped", Overread: "overread"}

// String returns the treatment's name.
func (t Treatment) String() string {
	if t > 0 && int(t) < len(treatmentNames) {
		return treatmentNames[t]
	}
	return fmt.Sprintf("invalid(%d)", uint8(t))
}

// Fault is one row that was not as it should be.
type Fault struct {
	Line      int // of the file, from 1, the header included
	Treatment Treatment
	Reason    string // a short stable name, such as bad-time
	Detail    string // a sentence for people
}

// String renders the fault in one line.
func (f Fault) String() string {
	return fmt.Sprintf("line %d %s [%s]: %s", f.Line, f.Treatment, f.Reason, f.Detail)
}

// Faults counts the faults of a file and keeps the first of them.
type Faults struct {
	Refused  int            // rows that gave no command
	Clamped  int            // rows whose time was moved
	Overread int            // rows of which a column was left out
	ByReason map[string]int // rows by Fault.Reason
	First    []Fault        // the first FaultsKept, in file order
}

func (f *Faults) add(fault Fault) {
	switch fault.Treatment {
	case Refused:
		f.Refused++
	case Clamped:
		f.Clamped++
	case Overread:
		f.Overread++
	}
	if f.ByReason == nil {
		f.ByReason = make(map[string]int)
	}
	f.ByReason[fault.Reason]++
	if len(f.First) < FaultsKept {
		f.First = append(f.First, fault)
	}
}
