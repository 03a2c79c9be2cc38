package loop

import (
	"fmt"
	"time"

	"github.com/yardmaster/yardmaster/engine/core"
)

// outageMin is how long a shell must have been away for the machine to be told.
const outageMin = core.Instant(5 * time.Second)

// rounds gives each ready desk one turn, as far as groups have room.
func (l *Loop) rounds() {
	for turns := l.ready.len(); turns > 0 && l.makeRoom(); turns-- {
		d := *l.ready.front()
		l.round(d)
		l.ready.pop()
		d.ready = false
		if d.queue.len() > 0 {
			l.makeReady(d)
		}
		if !l.timeFromInputs {
			l.agenda.set(d)
		}
	}
}

// makeRoom sends a full group if the store has room, and reports whether the
// open group takes commands.
func (l *Loop) makeRoom() bool {
	if l.full() && len(l.inFlight) < InFlightMax {
		l.send()
	}
	return l.err == nil && !l.full()
}

// round brings a desk up to the present, then serves the front of its queue.
func (l *Loop) round(d *Desk) {
	if !l.timeFromInputs {
		l.catchUp(d)
	}
	for n := 0; n < RoundCommandsMax && d.queue.len() > 0 && !l.full(); n++ {
		w := d.queue.front()
		if w.Ask != 0 {
			l.look(d, d.queue.pop().Work)
			continue
		}
		l.command(d, w)
	}
}

// catchUp tells the machine of an outage, then lets the deadlines fire that have
// passed.
func (l *Loop) catchUp(d *Desk) {
	if from, ok := l.outage(d); ok {
		l.apply(d, core.Outage{From: from, To: d.stamp(l.now)})
	}
	if next, ok := d.machine.Next(); !ok || next >= l.now {
		return
	}
	l.apply(d, core.Tick{})
	if next, ok := d.machine.Next(); ok && next < l.now {
		panic(fmt.Sprintf("loop: desk %q: a tick at %v left the deadline %v", d.id, l.now, next))
	}
}

// outage reports since when the desk was left alone, if long enough: since its
// last change before it was opened, or since a deadline that nobody served.
func (l *Loop) outage(d *Desk) (from core.Instant, ok bool) {
	from, ok = d.away, d.away != 0
	d.away = 0
	if next, due := d.machine.Next(); !ok && due {
		from, ok = next, true
	}
	return from, ok && l.now-from >= outageMin
}

// command applies the next command of a work and answers it, now or with a
// group.
func (l *Loop) command(d *Desk, w *queued) {
	in := w.Inputs[w.next]
	if l.timeFromInputs {
		in.At = d.stamp(in.At)
	} else {
		in.At = d.stamp(l.now)
	}
	res := d.machine.Apply(in)
	a := Answer{Token: w.Token, Index: w.next, Reply: res.Reply, Replay: res.Replay}
	w.next++
	if w.next == len(w.Inputs) {
		d.queue.pop()
	}
	l.keep(d, in.At, &res)
	if d.pending == nil {
		l.answers = append(l.answers, a)
		return
	}
	d.pending.group.answers = append(d.pending.group.answers, a)
}

// apply enters a command of the shell itself, which nobody waits for.
func (l *Loop) apply(d *Desk, c core.Command) {
	at := d.stamp(l.now)
	res := d.machine.Apply(core.Input{At: at, Command: c})
	l.keep(d, at, &res)
}

// keep takes what a command left into the open group; one that left nothing is
// not counted, so a group that is full has something to send. From now on the
// desk's time is the command's: if it let deadlines fire, whatever comes next
// comes after them, in the journal as in the machine, though the clock went back.
func (l *Loop) keep(d *Desk, at core.Instant, res *core.Result) {
	if len(res.Entries) == 0 && len(res.Rows) == 0 && res.Key == nil {
		return
	}
	l.open.commands++
	p := d.pending
	if p == nil || p.group != l.open {
		p = &part{group: l.open, desk: d, expect: d.seq}
		l.open.parts = append(l.open.parts, p)
		d.pending = p
	}
	p.add(res, l.places)
	d.seq = d.machine.Seq()
	d.floor = at
}

// look answers a question, now or with the group that holds what it may see.
func (l *Loop) look(d *Desk, w Work) {
	if d.pending != nil {
		d.pending.ask(w.Token, w.Ask)
		return
	}
	now := part{desk: d, seq: d.seq, snapshot: d.published}
	now.asked[w.Ask] = true
	now.look()
	l.views = append(l.views, waiting{w.Token, w.Ask, &now}.answer())
}
