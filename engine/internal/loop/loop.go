package loop

import (
	"fmt"

	"github.com/yardmaster/yardmaster/engine/core"
)

// The bounds that shape a partition's work.
const (
	RoundCommandsMax = 256     // commands of one desk in a step
	GroupCommandsMax = 1024    // commands in a group
	GroupBytesMax    = 1 << 20 // estimated bytes in a group
	InFlightMax      = 2       // groups at the store
)

// Options shape a loop; the zero value is the default.
type Options struct {
	// TimeFromInputs takes the time of each command from its At instead of the
	// step's time; deadlines then fire only when a later command comes.
	TimeFromInputs bool
	// GroupBytesMax closes a group earlier than GroupBytesMax, for a store that
	// takes less. 0 is the default.
	GroupBytesMax int
}

// Loop is the shell of one partition. It is not safe for concurrent use.
type Loop struct {
	timeFromInputs bool
	groupBytesMax  int

	ready  fifo[*Desk] // desks with work or a deadline passed, taking turns
	agenda agenda
	opened uint64 // desks opened so far

	open     *group         // takes what is applied
	places   map[rowKey]int // where a row of the open group stands in its part
	inFlight []*group       // oldest first
	encoder  encoder

	now     core.Instant
	closing bool
	err     error // why the loop failed

	// Of the step being made.
	out     *Out
	answers Answers // that wait for nothing
	views   Views   // that wait for nothing
}

// New returns a loop without desks.
func New(opts Options) *Loop {
	l := &Loop{
		timeFromInputs: opts.TimeFromInputs,
		groupBytesMax:  GroupBytesMax,
		open:           &group{number: 1},
		places:         map[rowKey]int{},
	}
	if opts.GroupBytesMax > 0 {
		l.groupBytesMax = min(l.groupBytesMax, opts.GroupBytesMax)
	}
	return l
}

// Step takes what happened and says in out what is to be done. It panics if a
// machine breaks its contract; Fail is then the only call left.
func (l *Loop) Step(in In, out *Out) {
	l.begin(in.Now, out)
	l.closing = l.closing || in.Close
	for _, w := range in.Work { // first, so that Fail finds it whatever breaks
		l.accept(w)
	}
	for _, d := range in.Opened {
		l.admit(d)
	}
	for _, s := range in.Settled {
		l.settle(s)
	}
	if l.err == nil {
		l.collectDue()
		l.rounds()
		l.sendIfFree()
	}
	l.end()
}

// Fail ends the loop: everything that was accepted and not answered is answered
// with err. A loop that failed before keeps its first error.
func (l *Loop) Fail(err error, out *Out) {
	l.begin(l.now, out)
	l.fail(err)
	l.end()
}

func (l *Loop) begin(now core.Instant, out *Out) {
	out.reset()
	l.out, l.now, l.answers, l.views = out, now, nil, nil
	l.encoder.reset()
}

// end emits the answers that wait for nothing, last, so that the store has its
// group before anybody is woken, and says when to step again.
func (l *Loop) end() {
	if len(l.answers) > 0 {
		l.emit(l.answers)
	}
	if len(l.views) > 0 {
		l.emit(l.views)
	}
	idle := l.ready.len() == 0
	l.out.Err = l.err
	l.out.More = l.err == nil && !idle && !l.stuck()
	l.out.Drained = l.closing && (l.err != nil || idle && len(l.inFlight) == 0 && len(l.open.parts) == 0)
	if d, ok := l.agenda.first(); ok && l.err == nil && !l.closing {
		l.out.Wake = d.due + 1
	}
	l.out = nil
}

func (l *Loop) emit(e Effect) { l.out.Effects = append(l.out.Effects, e) }

// admit takes a desk into care and looks whether it was left alone.
func (l *Loop) admit(d *Desk) {
	l.opened++
	d.number = l.opened
	if l.timeFromInputs || l.err != nil {
		return
	}
	if d.seq > 0 && l.now-d.floor >= outageMin {
		d.away = d.floor
		l.makeReady(d)
	}
	l.agenda.set(d)
}

// accept puts work in line. A loop that failed answers it at once.
func (l *Loop) accept(w Work) {
	if l.err != nil {
		l.refuse(w, 0)
		return
	}
	w.Desk.queue.push(queued{Work: w})
	l.makeReady(w.Desk)
}

func (l *Loop) makeReady(d *Desk) {
	if !d.ready {
		d.ready = true
		l.ready.push(d)
	}
}

// collectDue makes the desks ready whose deadlines have passed.
func (l *Loop) collectDue() {
	for !l.closing {
		d, ok := l.agenda.first()
		if !ok || d.due >= l.now {
			return
		}
		l.makeReady(l.agenda.take())
	}
}

// settle publishes and answers the oldest group in flight, or fails.
func (l *Loop) settle(s Settled) {
	if l.err != nil {
		return
	}
	if s.Err != nil {
		l.fail(s.Err)
		return
	}
	g := l.inFlight[0]
	if g.number != s.Number {
		panic(fmt.Sprintf("loop: group %d settled before group %d", s.Number, g.number))
	}
	l.inFlight = append(l.inFlight[:0], l.inFlight[1:]...)
	l.publish(g)
}

// publish tells the world of a durable group, answers last: whoever is answered
// finds the write everywhere.
func (l *Loop) publish(g *group) {
	for _, p := range g.parts {
		p.desk.published = p.snapshot
		if p.desk.pending == p {
			p.desk.pending = nil
		}
		l.emit(Publish{p.desk, p.snapshot})
	}
	for _, p := range g.parts {
		l.emit(Fold{p.desk, p.entries})
	}
	for _, p := range g.parts {
		l.emit(Feed{p.desk, p.entries})
	}
	if len(g.answers) > 0 {
		l.emit(Answers(g.answers))
	}
	if len(g.views) > 0 {
		views := make(Views, len(g.views))
		for i, w := range g.views {
			views[i] = w.answer()
		}
		l.emit(views)
	}
	l.emit(Durable{Number: g.number, Desks: len(g.parts), Commands: g.commands, Bytes: g.bytes})
}

// sendIfFree sends the open group, whatever its size, when the store has room.
func (l *Loop) sendIfFree() {
	if l.err == nil && len(l.inFlight) < InFlightMax && len(l.open.parts) > 0 {
		l.send()
	}
}

// send seals the open group and gives it to the store.
func (l *Loop) send() {
	g := l.open
	for _, p := range g.parts {
		p.seal()
	}
	encoded, err := l.encoder.group(g)
	if err != nil {
		l.fail(err)
		return
	}
	l.inFlight = append(l.inFlight, g)
	l.open = &group{number: g.number + 1}
	clear(l.places)
	l.emit(Commit{Number: g.number, Group: encoded})
}

// full reports whether the open group takes no more commands.
func (l *Loop) full() bool {
	return l.open.commands >= GroupCommandsMax || l.open.weight >= l.groupBytesMax
}

// stuck reports whether nothing can be applied before a group settles.
func (l *Loop) stuck() bool { return l.full() && len(l.inFlight) == InFlightMax }

// fail answers everything that waits, in the order of its arrival at the groups
// and then desk by desk.
func (l *Loop) fail(err error) {
	if l.err != nil {
		return
	}
	l.err = err
	for _, g := range append(l.inFlight, l.open) {
		for _, a := range g.answers {
			l.answers = append(l.answers, Answer{Token: a.Token, Index: a.Index, Err: err})
		}
		for _, w := range g.views {
			l.views = append(l.views, View{Token: w.token, Err: err})
		}
	}
	for l.ready.len() > 0 {
		for d := l.ready.pop(); d.queue.len() > 0; {
			w := d.queue.pop()
			l.refuse(w.Work, w.next)
		}
	}
	l.inFlight, l.open = nil, &group{}
}

// refuse answers the rest of a work, from an index, with the loop's error.
func (l *Loop) refuse(w Work, from int) {
	if w.Ask != 0 {
		l.views = append(l.views, View{Token: w.Token, Err: l.err})
		return
	}
	for i := from; i < len(w.Inputs); i++ {
		l.answers = append(l.answers, Answer{Token: w.Token, Index: i, Err: l.err})
	}
}
