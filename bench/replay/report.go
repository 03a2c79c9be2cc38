package replay

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/yardmaster/yardmaster/engine/core"
)

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

// Text writes the report for people.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", r.Stream)
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, value string) { fmt.Fprintf(t, "  %s\t%s\n", name, value) }
	row("commands", fmt.Sprintf("%s in %.2f s, %s a second", grouped(r.Commands-r.Resumed), r.Seconds, grouped(int(r.CommandsPerSecond))))
	if r.Resumed > 0 {
		row("resumed", fmt.Sprintf("after %s commands of an earlier run", grouped(r.Resumed)))
	}
	row("cost", fmt.Sprintf("%.2f s of CPU, %.1f µs a command", r.CPUSeconds, r.CPUMicros))
	row("events", grouped(int(r.Events)))
	row("digest", r.Digest)
	row("rows", fmt.Sprintf("%d refused, %d clamped, %d with a column left out%s", r.Refused, r.Clamped, r.Overread, reasons(r.Faults)))
	row("rejected", fmt.Sprintf("%d%s", total(r.Rejected), reasons(r.Rejected)))
	t.Flush() //nolint:errcheck // a builder does not fail
	r.Counts.text(&b)
	r.slaText(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (f *Figures) text(b *strings.Builder) {
	b.WriteString("\nwhat happened\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, line := range [...][3]struct {
		name  string
		count int
	}{
		{{"created", f.Created}, {"open", f.Open}, {"priority changed", f.PriorityChanged}},
		{{"reopened", f.Reopened}, {"pending", f.Pending}, {"group assigned", f.GroupAssigned}},
		{{"tickets reopened", f.ReopenedTickets}, {"on hold", f.OnHold}, {"group cleared", f.GroupCleared}},
		{{"", 0}, {"solved", f.Solved}, {"agent assigned", f.AgentAssigned}},
		{{"", 0}, {"closed", f.Closed}, {"agent cleared", f.AgentCleared}},
	} {
		for _, cell := range line {
			value := ""
			if cell.name != "" {
				value = grouped(cell.count)
			}
			fmt.Fprintf(t, "  %s\t%s\t", cell.name, value)
		}
		fmt.Fprintln(t)
	}
	t.Flush() //nolint:errcheck // a builder does not fail
	if f.CaseFigures != nil {
		f.CaseFigures.text(b)
	}
}

func (f *CaseFigures) text(b *strings.Builder) {
	fmt.Fprintf(b, "\ncases: %s with %s activities, %d variants; first to last %.2f days (median %.2f)\n",
		grouped(f.Cases), grouped(f.Events), f.Variants, f.Cycle.Mean, f.Cycle.Median)
	fmt.Fprintf(b, "to the first take in charge %.2f h (median %.2f), to the first resolve %.2f days (median %.2f)\n",
		f.TakeInCharge.Mean, f.TakeInCharge.Median, f.FirstResolve.Mean, f.FirstResolve.Median)
	fmt.Fprintf(b, "waits: %s on %s cases, %.2f h in all\n", grouped(f.Waits), grouped(f.Waiting), f.WaitHours)
}

func (r *Report) slaText(b *strings.Builder) {
	if len(r.SLA) == 0 {
		return
	}
	b.WriteString("\npromises\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  metric\tpriority\tachieved\tbreached\tactive\tas recorded")
	for _, metric := range slices.Sorted(maps.Keys(r.SLA)) {
		for _, priority := range slices.Sorted(maps.Keys(r.SLA[metric])) {
			a := r.SLA[metric][priority]
			agrees := "-"
			if a.Compared > 0 {
				agrees = fmt.Sprintf("%.2f %% of %s", 100*float64(a.Agrees)/float64(a.Compared), grouped(a.Compared))
			}
			fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", metric, priority, grouped(a.Achieved), grouped(a.Breached), grouped(a.Active), agrees)
		}
	}
	t.Flush() //nolint:errcheck // a builder does not fail
}

func total[K comparable](counts map[K]int) int {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return sum
}

func reasons[K ~string](counts map[K]int) string {
	if len(counts) == 0 {
		return ""
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		parts = append(parts, fmt.Sprintf("%s %d", reason, counts[reason]))
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// grouped renders a count with a comma between thousands.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
