package replay

import "github.com/yardmaster/yardmaster/engine/core"

// Report is what a replay came to. Its JSON form is one object.
type Report struct {
	Stream            string                            `json:"stream_name"`
	Digest            string                            `json:"digest"` // of the desk's state, hexadecimal
	Seq               core.Seq                          `json:"seq"`    // the desk's last event
	Commands          int                               `json:"commands"`
	Resumed           int                               `json:"resumed"` // commands that an earlier run had done
	Seconds           float64                           `json:"seconds"`
	CPUSeconds        float64                           `json:"cpu_seconds"` // of the whole process, user and system
	CommandsPerSecond float64                           `json:"commands_per_second"`
	CPUMicros         float64                           `json:"cpu_us_per_command"`
	Refused           int                               `json:"refused"`  // rows that gave no command
	Clamped           int                               `json:"clamped"`  // rows whose time was moved
	Overread          int                               `json:"overread"` // rows of which a column was left out
	Faults            map[string]int                    `json:"faults"`   // all these rows, by reason
	Rejected          map[core.Reason]int               `json:"rejected"` // commands that the engine refused, by reason
	Events            uint64                            `json:"events"`
	Counts            Figures                           `json:"stream"`
	SLA               map[string]map[string]*Attainment `json:"sla"` // metric → priority
}

// Figures are the counts of a desk's events, with those of its cases when the
// record has them.
type Figures struct {
	Counts
	*CaseFigures
}

func (r *run) report() *Report {
	faults := r.stream.Faults()
	commands := r.stream.Len()
	done := float64(max(1, commands-r.resumed))
	report := &Report{
		Stream: r.stream.Name(), Digest: r.digest.String(), Seq: r.seq,
		Commands: commands, Resumed: r.resumed,
		Seconds: r.spent.Seconds(), CPUSeconds: r.spentCPU,
		CommandsPerSecond: rounded(done / max(r.spent.Seconds(), 1e-9)), CPUMicros: rounded(r.spentCPU * 1e6 / done),
		Refused: faults.Refused, Clamped: faults.Clamped, Overread: faults.Overread, Faults: faults.ByReason,
		Rejected: r.tally.Rejected(), Events: r.tally.Events(),
		Counts: Figures{Counts: r.tally.Counts()}, SLA: r.tally.Attainments(r.stream.Verdicts()),
	}
	if report.Faults == nil {
		report.Faults = map[string]int{}
	}
	if r.cases != nil {
		figures := r.cases.Figures()
		report.Counts.CaseFigures = &figures
	}
	return report
}
