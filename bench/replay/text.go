package replay

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Text writes the report for people.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	b.WriteString(r.Stream + "\n\n")
	r.costText(&b)
	r.Counts.text(&b)
	r.slaText(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) costText(b *strings.Builder) {
	rows := [][]string{{"commands", fmt.Sprintf("%s in %.2f s, %s a second", grouped(r.Commands-r.Resumed), r.Seconds, grouped(int(r.CommandsPerSecond)))}}
	if r.Resumed > 0 {
		rows = append(rows, []string{"resumed", fmt.Sprintf("after %s commands of an earlier run", grouped(r.Resumed))})
	}
	table(b, append(rows,
		[]string{"cost", fmt.Sprintf("%.2f s of CPU, %.1f µs a command", r.CPUSeconds, r.CPUMicros)},
		[]string{"events", grouped(int(r.Events))}, //nolint:gosec // a count of events fits
		[]string{"digest", r.Digest},
		[]string{"rows", fmt.Sprintf("%d refused, %d clamped, %d with a column left out%s", r.Refused, r.Clamped, r.Overread, reasons(r.Faults))},
		[]string{"rejected", fmt.Sprintf("%d%s", total(r.Rejected), reasons(r.Rejected))},
	))
}

func (f *Figures) text(b *strings.Builder) {
	b.WriteString("\nwhat happened\n")
	table(b, [][]string{
		{"created", number(f.Created), "open", number(f.Open), "priority changed", number(f.PriorityChanged)},
		{"reopened", number(f.Reopened), "pending", number(f.Pending), "group assigned", number(f.GroupAssigned)},
		{"tickets reopened", number(f.ReopenedTickets), "on hold", number(f.OnHold), "group cleared", number(f.GroupCleared)},
		{"", "", "solved", number(f.Solved), "agent assigned", number(f.AgentAssigned)},
		{"", "", "closed", number(f.Closed), "agent cleared", number(f.AgentCleared)},
	})
	if f.CaseFigures != nil {
		f.CaseFigures.text(b)
	}
}

func (f *CaseFigures) text(b *strings.Builder) {
	b.WriteString("\ncases\n")
	table(b, [][]string{
		{"cases", fmt.Sprintf("%s with %s activities, %d variants", grouped(f.Cases), grouped(f.Events), f.Variants)},
		{"first to last", fmt.Sprintf("%.2f days, median %.2f", f.Cycle.Mean, f.Cycle.Median)},
		{"to the take in charge", fmt.Sprintf("%.2f hours, median %.2f", f.TakeInCharge.Mean, f.TakeInCharge.Median)},
		{"to the first resolve", fmt.Sprintf("%.2f days, median %.2f", f.FirstResolve.Mean, f.FirstResolve.Median)},
		{"waits", fmt.Sprintf("%s on %s cases, %.2f hours in all", grouped(f.Waits), grouped(f.Waiting), f.WaitHours)},
	})
}

func (r *Report) slaText(b *strings.Builder) {
	if len(r.SLA) == 0 {
		return
	}
	b.WriteString("\npromises\n")
	rows := [][]string{{"metric", "priority", "achieved", "breached", "active", "as recorded"}}
	for _, metric := range slices.Sorted(maps.Keys(r.SLA)) {
		for _, priority := range slices.Sorted(maps.Keys(r.SLA[metric])) {
			a := r.SLA[metric][priority]
			rows = append(rows, []string{metric, priority, number(a.Achieved), number(a.Breached), number(a.Active), a.agreement()})
		}
	}
	table(b, rows)
}

func (a *Attainment) agreement() string {
	if a.Compared == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f %% of %s", 100*float64(a.Agrees)/float64(a.Compared), grouped(a.Compared))
}

// number is a count as a cell that stands to the right: see table.
func number(n int) string { return rightward + grouped(n) }

// rightward marks a cell whose text stands at the right edge of its column.
const rightward = "\x00"

// table writes rows in columns, two spaces apart.
func table(b *strings.Builder, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(strings.TrimPrefix(cell, rightward)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			text, right := strings.CutPrefix(cell, rightward)
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if right {
				text, space = space+text, ""
			}
			line.WriteString("  " + text + space)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
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
